// Faults: switches for those that everybody should try, what is in force, and a form for the rest.

import { coalesced, control } from "./control.js";
import { byId, element, fill } from "./dom.js";

const PRESETS = [
  ["A creation is carried out, its answer is lost", { operation: "create_subaccount", effect: { kind: "reset", when: "after" } }],
  ["A creation is cut off before it is carried out", { operation: "create_subaccount", effect: { kind: "reset", when: "before" } }],
  ["Products are set, the answer is lost", { operation: "set_subaccount_products", effect: { kind: "reset", when: "after" } }],
  ["Every call meets the request limit (429)", { operation: "*", effect: { kind: "status", status: 429, code: "request_limit_exceeded", message: "Service unavailable, please limit request volume" } }],
  ["Every call gets the HTML page of a gateway (502)", { operation: "*", effect: { kind: "status", status: 502, body: "html" } }],
  ["One call in five fails (500)", { operation: "*", probability: 0.2, effect: { kind: "status", status: 500 } }],
  ["Every answer is two seconds late", { operation: "*", effect: { kind: "delay", milliseconds: 2000 } }],
  ["Every answer ends in the middle of its body", { operation: "*", effect: { kind: "cut_body" } }],
  ["Every answer has fields that nobody knows", { operation: "*", effect: { kind: "unknown_fields" } }],
];

const KINDS = [
  ["status", "Another status"],
  ["delay", "A late answer"],
  ["reset", "A reset connection"],
  ["cut_body", "A body cut in the middle"],
  ["unknown_fields", "Unknown fields"],
];

let active = [];

export const refreshFaults = coalesced(read, 60);

export function startFaults(operations) {
  fill(byId("presets"), PRESETS.map(([title, rule]) => element("li", {}, preset(title, rule))));
  makeForm(byId("fault-form"), operations);
  read();
}

function preset(title, rule) {
  const toggle = element("input", { type: "checkbox", role: "switch", class: "switch" });
  toggle.rule = signature(rule);
  toggle.addEventListener("change", async () => {
    if (toggle.checked) await control("POST", "faults", rule);
    else await Promise.all(active.filter((fault) => signature(fault) === toggle.rule).map(remove));
    await read();
  });
  return element("label", {}, toggle, title);
}

/** What makes two rules the same: not their number, nor how often they struck. */
function signature({ operation, nth, times, probability, seed, effect }) {
  const rule = { operation: operation ?? "*", nth, times, probability, seed, ...withDefaults(effect) };
  const given = Object.entries(rule).filter(([, value]) => value !== undefined && value !== null);
  return JSON.stringify(given.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function withDefaults(effect) {
  if (effect.kind === "status") return { when: "before", body: "json", ...effect };
  if (effect.kind === "delay") return { when: "after", ...effect };
  return effect;
}

async function read() {
  const list = await control("GET", "faults");
  if (!list) return;
  active = list.faults;
  const signatures = new Set(active.map(signature));
  for (const toggle of byId("presets").querySelectorAll("input")) toggle.checked = signatures.has(toggle.rule);
  byId("faults-empty").hidden = active.length > 0;
  showActive();
}

/** What stays keeps its element, so that a fault that strikes does not take the focus away. */
function showActive() {
  const list = byId("active-faults");
  const shown = new Map([...list.children].map((item) => [item.dataset.id, item]));
  const wanted = active.map((fault) => {
    const item = shown.get(String(fault.id)) ?? activeFault(fault);
    item.querySelector(".words").textContent = `${describe(fault)}, ${struck(fault)}`;
    return item;
  });
  for (const item of shown.values()) if (!wanted.includes(item)) item.remove();
  wanted.forEach((item, index) => {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index]);
  });
}

function activeFault(fault) {
  const removal = { type: "button", "aria-label": `Remove: ${describe(fault)}` };
  removal.onclick = async () => {
    await remove(fault);
    await read();
    byId("active-heading").focus();
  };
  return element(
    "li",
    { "data-id": fault.id },
    element("span", {}, element("span", { class: "tag" }, fault.id), " ", element("span", { class: "words" })),
    element("button", removal, "Remove"),
  );
}

function struck({ fired }) {
  return fired === 1 ? "struck once" : `struck ${fired} times`;
}

function remove({ id }) {
  return control("DELETE", `faults/${encodeURIComponent(id)}`);
}

function describe({ operation, nth, times, probability, effect }) {
  const target = !operation || operation === "*" ? "every call" : operation;
  const parts = [`${target}: ${effectWords(effect)}`];
  if (nth) parts.push(times ? `from call ${nth}` : `only call ${nth}`);
  if (times) parts.push(times === 1 ? "once" : `${times} times`);
  if (probability !== undefined && probability !== null) parts.push(`with probability ${probability}`);
  return parts.join(", ");
}

function effectWords(effect) {
  const when = effect.when ? ` ${effect.when} it is carried out` : "";
  switch (effect.kind) {
    case "status":
      return `status ${effect.status}${effect.body === "html" ? " with an HTML page" : ""}${effect.when === "after" ? when : ""}`;
    case "delay":
      return `${effect.milliseconds} ms late`;
    case "reset":
      return `connection reset${when}`;
    case "cut_body":
      return "body cut in the middle";
    case "unknown_fields":
      return "unknown fields added";
    default:
      return JSON.stringify(effect);
  }
}

// The form. Each field names the kinds of effect that have it; the others are hidden.

function makeForm(form, operations) {
  const kind = select("kind", KINDS);
  fill(
    form,
    field("Operation", select("operation", [["*", "every call"], ...operations.map((id) => [id, id])])),
    field("What happens", kind),
    field("Status", number("status", { min: 200, max: 599, value: 503, required: true }), "status"),
    field("Body", select("body", [["json", "JSON, as of the service"], ["html", "HTML, as of a gateway"], ["empty", "none"]]), "status"),
    field("Code in the JSON", element("input", { name: "code", autocomplete: "off" }), "status"),
    field("Message in the JSON", element("input", { name: "message", autocomplete: "off" }), "status"),
    field("Milliseconds", number("milliseconds", { min: 0, value: 2000, required: true }), "delay"),
    field("When", select("when", [["after", "after it is carried out"], ["before", "before it is carried out"]]), "reset delay"),
    field("At call (empty: any)", number("nth", { min: 1 })),
    field("How often (empty: always, or once at that call)", number("times", { min: 1 })),
    field("Probability (empty: 1)", number("probability", { min: 0, max: 1, step: "any" })),
    field("Seed of the probability", number("seed", { min: 0 })),
    element("button", { class: "primary" }, "Switch on"),
  );
  const choose = () => {
    for (const part of form.querySelectorAll("[data-kinds]")) {
      part.hidden = !part.dataset.kinds.split(" ").includes(kind.value);
      part.querySelector("input, select").disabled = part.hidden;
    }
  };
  kind.addEventListener("change", choose);
  choose();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await control("POST", "faults", ruleOf(new FormData(form)));
    await read();
  });
}

function ruleOf(data) {
  const { operation, nth, times, probability, seed, ...effect } = Object.fromEntries(
    [...data].filter(([, value]) => value !== "").map(([name, value]) => [name, isNumber(name) ? Number(value) : value]),
  );
  const rule = { operation, nth, times, probability, seed, effect };
  return rule;
}

function isNumber(name) {
  return ["nth", "times", "probability", "seed", "status", "milliseconds"].includes(name);
}

function field(title, input, kinds) {
  return element("label", { "data-kinds": kinds }, title, input);
}

function select(name, options) {
  return element("select", { name }, options.map(([value, title]) => element("option", { value }, title)));
}

function number(name, attributes) {
  return element("input", { type: "number", inputmode: "decimal", name, ...attributes });
}
