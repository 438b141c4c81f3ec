// Making elements. Text becomes a text node and nothing else, so whatever a subaccount is called, it
// is shown and never run. No other file makes elements, and none uses innerHTML.

/**
 * An element. `attributes` holds attributes, and listeners as `onclick` and the like; what is
 * undefined, null or false is left out. Children are elements, text, or lists of them.
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...flat(children));
  return made;
}

/** Replaces what is inside an element. */
export function fill(target, ...children) {
  target.replaceChildren(...flat(children));
  return target;
}

export function byId(id) {
  return document.getElementById(id);
}

function flat(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== undefined && child !== null && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/** Says that something went wrong, until it is dismissed. */
export function complain(message) {
  const notice = element(
    "div",
    { class: "notice bad" },
    element("span", {}, message),
    element("button", { type: "button", onclick: () => notice.remove() }, "Dismiss"),
  );
  const notices = byId("notices");
  // Of a server that is gone one message is enough.
  if (notices.lastChild?.firstChild?.textContent === message) return;
  notices.append(notice);
  while (notices.children.length > 3) notices.firstChild.remove();
}
