// A schema of an OpenAPI document, for reading: names, types, limits, descriptions.

import { element } from "./dom.js";
import { prose } from "./markdown.js";

/** Follows references, and the one member of an `allOf`, whose description the user of it refines. */
export function resolved(document, schema) {
  if (schema.$ref) return { name: schema.$ref.split("/").pop(), ...resolved(document, at(document, schema.$ref)) };
  if (schema.allOf?.length === 1) {
    const { allOf, ...own } = schema;
    return { ...resolved(document, allOf[0]), ...own };
  }
  return schema;
}

/** What a local reference names. */
export function at(document, reference) {
  const steps = reference.slice(2).split("/");
  return steps.reduce((value, step) => value?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], document) ?? {};
}

/** The properties of a schema, or of the items of a list. */
export function properties(document, schema) {
  const target = objectOf(document, schema);
  if (!target) return element("p", {}, typeWords(document, resolved(document, schema)));
  const required = new Set(target.required ?? []);
  const entries = Object.entries(target.properties ?? {});
  return element("ul", { class: "schema" }, entries.map(([name, property]) => propertyItem(document, name, property, required.has(name))));
}

function objectOf(document, schema) {
  const target = resolved(document, schema);
  if (target.properties) return target;
  return target.items ? objectOf(document, target.items) : undefined;
}

function propertyItem(document, name, schema, isRequired) {
  const target = resolved(document, schema);
  const inner = objectOf(document, schema);
  return element(
    "li",
    {},
    head(name, typeWords(document, target), isRequired),
    prose(schema.description ?? target.description),
    limits(document, target),
    inner && element("details", {}, element("summary", {}, `Fields of ${name}`), properties(document, inner)),
  );
}

/** The first line of a property or parameter. */
export function head(name, type, isRequired) {
  return element(
    "div",
    { class: "head" },
    element("code", { class: "name" }, name),
    element("span", { class: "muted small" }, type),
    isRequired && element("span", { class: "tag required" }, "required"),
  );
}

export function typeWords(document, schema) {
  if (schema.anyOf) return schema.anyOf.map((one) => typeWords(document, resolved(document, one))).join(" or ");
  if (schema.type === "array") {
    const items = resolved(document, schema.items ?? {});
    return `list of ${items.name ?? typeWords(document, items)}`;
  }
  if (schema.type === "object" && schema.name) return schema.name;
  if (schema.format === "int64") return "whole number";
  return { integer: "whole number", string: "text", boolean: "true or false" }[schema.type] ?? schema.type ?? "any value";
}

/** What a value must keep to, in words. */
export function limits(document, schema) {
  const said = limitWords(schema);
  for (const one of schema.anyOf ?? []) said.push(...limitWords(resolved(document, one)));
  if (schema.items) said.push(...limitWords(resolved(document, schema.items)));
  return said.length > 0 && element("p", { class: "small limits" }, said.flatMap((part, index) => (index === 0 ? part : ["; ", part])));
}

function limitWords(schema) {
  const said = [];
  const codes = (values) => values.flatMap((value, index) => [index === 0 ? "" : ", ", element("code", {}, String(value))]);
  if (schema.enum) said.push(["one of ", codes(schema.enum)]);
  if (schema["x-extensible-enum"]) said.push([codes(schema["x-extensible-enum"]), " or others"]);
  if (schema["x-case-insensitive"]) said.push("case does not count");
  if (schema.maxLength !== undefined) said.push(`at most ${schema.maxLength} characters`);
  if (schema.minimum !== undefined && schema.maximum !== undefined) said.push(`from ${schema.minimum} to ${schema.maximum}`);
  else if (schema.minimum !== undefined) said.push(`at least ${schema.minimum}`);
  else if (schema.maximum !== undefined) said.push(`at most ${schema.maximum}`);
  if (schema.pattern) said.push(["like ", element("code", {}, schema.pattern)]);
  if (schema.default !== undefined) said.push(["by default ", element("code", {}, String(schema.default))]);
  return said;
}
