// The API reference, from the OpenAPI documents that the sandbox serves.

import { byId, complain, element, fill } from "./dom.js";
import { prose } from "./markdown.js";
import { at, head, limits, properties, resolved, typeWords } from "./schema.js";
import { tryIt } from "./try_it.js";

const DOCUMENTS = ["certcentral", "partner-subscriptions"];
const METHODS = ["get", "put", "post", "patch", "delete"];

/** Shows all documents, and gives the names of their operations. */
export async function startReference() {
  const documents = await Promise.all(DOCUMENTS.map(read));
  const shown = documents.filter(({ document }) => document);
  fill(byId("documents"), shown.map(api));
  const operations = shown.flatMap(({ document }) => operationsOf(document));
  fill(byId("reference-links"), operations.map(({ id }) => element("li", {}, element("a", { href: `#${id}` }, id))));
  openFromAddress();
  addEventListener("hashchange", openFromAddress);
  return operations.map(({ id }) => id);
}

async function read(name) {
  try {
    const answer = await fetch(`/openapi/${name}.json`);
    return { name, document: await answer.json() };
  } catch {
    complain(`The document ${name} cannot be read.`);
    return { name };
  }
}

function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      id: item[method].operationId,
      method,
      path,
      operation: item[method],
      parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map((one) => resolved(document, one)),
      base: document.servers[0].url,
      security: securityHeaders(document, item[method].security ?? document.security ?? []),
    })),
  );
}

function securityHeaders(document, requirements) {
  const [first = {}] = requirements;
  return Object.keys(first).map((name) => document.components.securitySchemes[name]);
}

/** An operation that the address names is shown open. */
function openFromAddress() {
  const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
  if (!(target instanceof HTMLDetailsElement)) return;
  target.open = true;
  target.scrollIntoView();
  target.querySelector("summary").focus({ preventScroll: true });
}

function api({ name, document }) {
  return element(
    "div",
    { class: "api" },
    element("h3", {}, document.info.title),
    element(
      "details",
      { class: "plain prose" },
      element("summary", {}, "About this document"),
      prose(document.info.description),
      element("p", {}, "As files: ", element("a", { href: `/openapi/${name}.yaml` }, `${name}.yaml`), ", ", element("a", { href: `/openapi/${name}.json` }, `${name}.json`)),
    ),
    operationsOf(document).map((one) => operationPanel(document, one)),
  );
}

function operationPanel(document, { id, method, path, operation, ...rest }) {
  const summary = element(
    "summary",
    {},
    element("span", { class: `method ${method}` }, method.toUpperCase()),
    element("h4", {}, path),
    element("span", { class: "muted" }, operation.summary),
  );
  const inside = element(
    "div",
    { class: "inside" },
    element("div", { class: "prose" }, prose(operation.description), source(operation)),
    parameterList(document, rest.parameters, rest.security),
    requestBody(document, operation.requestBody),
    element("h4", {}, "Answers"),
    Object.entries(operation.responses).map(([code, answer]) => answerPart(document, code, answer)),
    tryIt({ id, method, path, operation, document, ...rest }),
  );
  return element("details", { class: "operation", id }, summary, inside);
}

function source({ externalDocs }) {
  return externalDocs && element("p", { class: "small" }, "At DigiCert: ", element("a", { href: externalDocs.url, rel: "noreferrer" }, externalDocs.description ?? externalDocs.url));
}

function parameterList(document, parameters, security) {
  const keys = security.map((scheme) => element("li", {}, head(scheme.name, "header", true), prose(scheme.description)));
  const others = parameters.map((one) =>
    element("li", {}, head(one.name, `${one.in}, ${typeWords(document, resolved(document, one.schema))}`, one.required), prose(one.description), limits(document, resolved(document, one.schema)), example(one)),
  );
  return [element("h4", {}, "Parameters"), element("ul", { class: "schema" }, keys, others)];
}

function example({ example: value }) {
  return value !== undefined && element("p", { class: "small" }, "Example: ", element("code", {}, String(value)));
}

function requestBody(document, body) {
  if (!body) return undefined;
  const content = body.content["application/json"];
  return [
    element("h4", {}, "Body"),
    prose(body.description),
    properties(document, content.schema),
    examples(content),
  ];
}

function answerPart(document, code, answer) {
  const target = answer.$ref ? at(document, answer.$ref) : answer;
  const content = target.content?.["application/json"];
  return element(
    "details",
    { class: "plain" },
    element("summary", {}, element("code", {}, code), ` ${statusWords(code)}`),
    prose(target.description),
    content && properties(document, content.schema),
    content && examples(content),
  );
}

function statusWords(code) {
  return { "4XX": "refused", "5XX": "failed" }[code] ?? "done";
}

function examples({ examples: known = {} }) {
  return Object.values(known).map((one) =>
    element(
      "details",
      { class: "plain" },
      element("summary", {}, `Example: ${one.summary ?? ""}`),
      element("pre", { tabindex: 0, "aria-label": "Example" }, JSON.stringify(one.value, null, 2)),
    ),
  );
}
