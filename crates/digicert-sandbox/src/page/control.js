// The control path of the sandbox, and what it tells by itself.

import { complain } from "./dom.js";

/**
 * Sends a request to the control path and reads the JSON of its answer, if there is any. A refusal
 * is shown with its own words; then the result is undefined.
 */
export async function control(method, path, body) {
  const request = { method, headers: {} };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = typeof body === "string" ? body : JSON.stringify(body);
  }
  let answer, text;
  try {
    answer = await fetch(`/_sandbox/${path}`, request);
    text = await answer.text();
  } catch {
    complain("The sandbox does not answer. Is it still running?");
    return undefined;
  }
  const read = parsed(text);
  if (!answer.ok) {
    const messages = (read?.errors ?? []).map((error) => error.message);
    complain(messages.join(" ") || `${method} /_sandbox/${path} was answered with ${answer.status}.`);
    return undefined;
  }
  return read ?? null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Listens to what happens. `handlers` has a function for each kind of event, and `open` for each
 * time the connection is made: what happened before is not repeated.
 *
 * Only a page that somebody looks at listens. A browser makes six connections to one server, so a few
 * pages in the background, or kept for the way back, would take them all.
 */
export function listen(handlers) {
  let source;
  const adjust = (isWanted) => {
    if (isWanted && !source) source = connected(handlers);
    if (isWanted || !source) return;
    source.close();
    source = undefined;
  };
  const isSeen = () => adjust(!document.hidden);
  addEventListener("visibilitychange", isSeen);
  addEventListener("pageshow", isSeen);
  addEventListener("pagehide", () => adjust(false));
  isSeen();
}

function connected(handlers) {
  const source = new EventSource("/_sandbox/events");
  source.addEventListener("open", () => handlers.open());
  source.addEventListener("error", () => handlers.lost());
  for (const kind of ["request", "state", "faults"]) {
    source.addEventListener(kind, (event) => handlers[kind](parsed(event.data)));
  }
  return source;
}

/** Calls `work` soon, once however often it is asked, and never a second time while it runs. */
export function coalesced(work, milliseconds) {
  let waiting = false;
  let running = false;
  return function ask() {
    if (waiting) return;
    waiting = true;
    setTimeout(async () => {
      if (running) {
        waiting = false;
        ask();
        return;
      }
      waiting = false;
      running = true;
      try {
        await work();
      } finally {
        running = false;
      }
    }, milliseconds);
  };
}
