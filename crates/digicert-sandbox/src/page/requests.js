// The request log, as it happens.

import { control } from "./control.js";
import { byId, element, fill } from "./dom.js";
import { indented } from "./json_text.js";

/** More is in the log of the sandbox; a page that shows all of it would be slow. */
const SHOWN = 200;
const PAUSE_BETWEEN_LOOKS = 100;
const PAUSE_BETWEEN_WORDS = 2500;

let entries = [];
let waiting = [];
let paused = false;
let unsaid = 0;

export function startRequests() {
  byId("request-filter").addEventListener("input", showAll);
  byId("pause").addEventListener("click", (event) => {
    paused = !paused;
    event.target.setAttribute("aria-pressed", paused);
    if (!paused) showWaiting();
  });
  byId("clear-requests").addEventListener("click", async () => {
    if ((await control("DELETE", "requests")) === undefined) return;
    entries = [];
    waiting = [];
    showAll();
  });
}

/** Reads the end of what happened so far. The log can be long. */
export async function readRequests() {
  const overview = await control("GET", "overview?limit=0");
  if (!overview) return;
  const log = await control("GET", `requests?since=${Math.max(0, overview.latest_request - SHOWN)}`);
  if (!log) return;
  entries = merged(waiting, log.requests);
  waiting = [];
  showAll();
}

/** Takes in a request that just happened. Thousands a second are shown a few times a second. */
export function addRequest(entry) {
  if (!entry) return;
  waiting.push(entry);
  if (waiting.length > SHOWN) waiting.shift();
  if (waiting.length === 1 && !paused) setTimeout(showWaiting, PAUSE_BETWEEN_LOOKS);
}

/** The latest of both lists, each request once, the latest first. */
function merged(some, others) {
  const byNumber = new Map([...some, ...others].map((entry) => [entry.number, entry]));
  return [...byNumber.values()].sort((one, other) => other.number - one.number).slice(0, SHOWN);
}

function showWaiting() {
  if (paused || waiting.length === 0) return;
  const before = new Set(entries);
  entries = merged(waiting, entries);
  waiting = [];
  const fresh = entries.filter((entry) => !before.has(entry));
  const log = byId("log");
  log.prepend(...fresh.filter(isWanted).map((entry) => item(entry, "fresh")));
  while (log.children.length > SHOWN) log.lastChild.remove();
  say(fresh);
  showEmpty();
}

function showAll() {
  fill(byId("log"), entries.filter(isWanted).map((entry) => item(entry)));
  showEmpty();
}

function showEmpty() {
  const empty = byId("requests-empty");
  empty.hidden = byId("log").children.length > 0;
  empty.textContent = entries.length > 0 ? "No request is like that." : "No request yet.";
}

function isWanted(entry) {
  const wanted = byId("request-filter").value.trim().toLowerCase();
  const text = `${entry.method} ${entry.path} ${entry.operation ?? ""} ${entry.status ?? "cut"}`;
  return text.toLowerCase().includes(wanted);
}

/** Tells a screen reader of the latest request, and of how many there were, but not of each. */
function say(fresh) {
  if (fresh.length === 0) return;
  if (unsaid === 0) {
    setTimeout(() => {
      const [latest] = entries;
      const count = unsaid === 1 ? "" : `${unsaid} requests, the latest: `;
      unsaid = 0;
      if (latest) byId("requests-said").textContent = `${count}${latest.method} ${latest.path}, ${latest.status ?? "no answer"}`;
    }, PAUSE_BETWEEN_WORDS);
  }
  unsaid += fresh.length;
}

function item(entry, look) {
  const summary = element(
    "summary",
    {},
    element("span", { class: "when" }, time(entry.at)),
    element("span", { class: `method ${entry.method.toLowerCase()}` }, entry.method),
    status(entry.status),
    element("span", { class: "what" }, entry.path),
    element("span", { class: "fault" }, entry.fault !== null && element("span", { class: "tag fault" }, `fault ${entry.fault}`)),
    element("span", { class: "took" }, duration(entry.duration_us)),
  );
  const details = element("details", {}, summary);
  // Bodies are made when somebody wants to see them.
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(inside(entry));
  });
  return element("li", { class: look }, details);
}

export function status(code) {
  if (code === null || code === undefined) return element("span", { class: "status bad" }, "cut");
  let look = "good";
  if (code >= 400) look = "warn";
  if (code >= 500) look = "bad";
  return element("span", { class: `status ${look}` }, code);
}

function inside(entry) {
  const headers = Object.entries(entry.request_headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  return element(
    "div",
    { class: "inside" },
    element("p", { class: "muted small" }, `Request ${entry.number}, ${entry.operation ?? "no operation"}, ${entry.at}`),
    text("Headers", headers.join("\n")),
    text("Body", indented(entry.request_body ?? "")),
    entry.status !== null && text("Answer", indented(entry.response_body ?? "")),
    entry.status === null && element("p", {}, "The connection was cut without an answer."),
  );
}

function text(title, content) {
  if (content === "") return element("p", { class: "muted small" }, `${title}: none`);
  return [element("h4", {}, title), element("pre", { tabindex: 0, "aria-label": title }, content)];
}

function time(at) {
  return /T([\d:]{8})/.exec(at)?.[1] ?? at;
}

export function duration(microseconds) {
  return microseconds < 1000 ? `${microseconds} µs` : `${(microseconds / 1000).toFixed(1)} ms`;
}
