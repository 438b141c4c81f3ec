// A form that sends one operation to this sandbox and shows the answer as it came.

import { element, fill } from "./dom.js";
import { indented } from "./json_text.js";
import { keyFor } from "./keys.js";
import { status } from "./requests.js";

export function tryIt({ id, method, path, operation, parameters, base, security }) {
  const inputs = parameters.map((parameter) => parameterInput(parameter));
  const body = bodyInput(operation.requestBody?.content["application/json"]);
  const answer = element("div", { class: "try-answer" });
  const said = element("p", { role: "status" });
  const form = element(
    "form",
    { class: "try", "aria-label": `Try ${id}`, autocomplete: "off" },
    element("h4", {}, "Try it"),
    element("p", { class: "muted small" }, `Sent to this sandbox with ${security.map(({ name }) => name).join(" and ")} as entered above.`),
    inputs.length > 0 && element("div", { class: "grid" }, inputs),
    body.parts,
    element("div", { class: "bar" }, element("button", { class: "primary" }, "Send"), said),
    answer,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const request = { method: method.toUpperCase(), headers: headers(security), redirect: "error" };
    if (body.text) {
      request.headers["Content-Type"] = "application/json";
      request.body = body.text.value;
    }
    await send(address(base + path, parameters, new FormData(form)), request, said, answer);
  });
  return form;
}

function parameterInput({ name, required, in: place, example }) {
  const value = place === "path" ? example : undefined;
  const attributes = { name, required, value, placeholder: place === "path" ? undefined : example };
  return element("label", {}, `${name} (${place})`, element("input", attributes));
}

function bodyInput(content) {
  if (!content) return { parts: [] };
  const examples = Object.values(content.examples ?? {});
  const written = (index) => JSON.stringify(examples[index]?.value ?? {}, null, 2);
  const text = element("textarea", { spellcheck: "false" });
  const write = (index) => {
    text.value = written(index);
    text.rows = Math.min(text.value.split("\n").length + 1, 28);
  };
  write(0);
  // Tab leaves the field, as everywhere; a text field that keeps it is a trap for a keyboard.
  const choice = element("select", {}, examples.map((one, index) => element("option", { value: index }, one.summary)));
  choice.addEventListener("change", () => write(choice.value));
  const parts = [
    examples.length > 1 && element("p", {}, element("label", {}, "Example ", choice)),
    element("label", {}, "Body", text),
  ];
  return { text, parts };
}

function address(path, parameters, data) {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: place } of parameters) {
    const value = data.get(name);
    if (place === "path") filled = filled.replace(`{${name}}`, encodeURIComponent(value));
    else if (value !== "") query.append(name, value);
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

function headers(security) {
  const keys = security.map(({ name }) => [name, keyFor(name)]);
  return Object.fromEntries(keys.filter(([, key]) => key !== ""));
}

async function send(url, request, said, answer) {
  fill(said, "Sending");
  fill(answer);
  const begin = performance.now();
  try {
    const response = await fetch(url, request);
    const text = await response.text();
    const took = Math.round(performance.now() - begin);
    fill(said, status(response.status), ` ${response.statusText}, ${took} ms`);
    const type = response.headers.get("Content-Type") ?? "";
    fill(
      answer,
      element("p", { class: "muted small" }, text === "" ? "An answer without a body." : type),
      text !== "" && element("pre", { tabindex: 0, "aria-label": "Answer" }, indented(text)),
    );
  } catch (error) {
    fill(said, status(null), ` ${reason(error)}`);
  }
}

/** A browser says little about a broken connection, and nothing that it may not. */
function reason(error) {
  return error instanceof TypeError && /header|ByteString/i.test(error.message)
    ? "A key has characters that no header can hold."
    : "No complete answer came. Whether the request was carried out is not known.";
}
