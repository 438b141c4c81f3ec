// The light Markdown of the OpenAPI documents: paragraphs, lists, code and addresses.

import { element } from "./dom.js";

/** The elements for a description. */
export function prose(text) {
  if (!text) return [];
  return text.trim().split(/\n\s*\n/).map((block) => {
    if (!block.startsWith("- ")) return element("p", {}, spans(joined(block)));
    const items = block.slice(2).split(/\n- /);
    return element("ul", {}, items.map((item) => element("li", {}, spans(joined(item)))));
  });
}

function joined(block) {
  return block.replace(/\s*\n\s*/g, " ");
}

/** Code and addresses within a line. An address ends before the punctuation of its sentence. */
function spans(text) {
  return text.split(/(`[^`]+`|https?:\/\/[^\s)]+[^\s).,;:])/).map((part) => {
    if (part.startsWith("`") && part.length > 1) return element("code", {}, part.slice(1, -1));
    if (/^https?:\/\//.test(part)) return element("a", { href: part, rel: "noreferrer" }, part);
    return part;
  });
}
