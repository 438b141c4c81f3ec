// The keys for requests from the page: in two password fields and nowhere else. They are not
// stored, and never part of an address.

import { control } from "./control.js";
import { byId, element } from "./dom.js";

const FIELDS = [
  ["X-DC-DEVKEY", "CertCentral key", "certcentral_key"],
  ["X-PARTNER-APIKEY", "Partner Subscriptions key", "partner_key"],
];

export async function startKeys() {
  const form = byId("keys");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.append(...FIELDS.map(([header, title]) => keyField(header, title)));
  const offered = (await control("GET", "keys")) ?? {};
  let filled = 0;
  for (const [header, , name] of FIELDS) {
    if (!offered[name]) continue;
    input(header).value = offered[name];
    filled += 1;
  }
  byId("keys-note").textContent =
    filled === FIELDS.length
      ? "This sandbox made them up and has filled them in. They stay in this page."
      : "Enter the keys that the sandbox was started with. They stay in this page and are sent to this sandbox only.";
}

/** The value for a key header. */
export function keyFor(header) {
  return input(header)?.value.trim() ?? "";
}

function input(header) {
  return byId(`key-${header.toLowerCase()}`);
}

function keyField(header, title) {
  const id = `key-${header.toLowerCase()}`;
  const field = element("input", { id, type: "password", autocomplete: "off", spellcheck: "false", class: "mono" });
  const show = element("button", { type: "button", "aria-pressed": "false", "aria-label": `Show the ${title}` }, "Show");
  show.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    show.setAttribute("aria-pressed", shown);
  });
  return element("div", { class: "with-button" }, element("label", { for: id }, `${title} (${header})`, field), show);
}
