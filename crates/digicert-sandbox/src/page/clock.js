// The clock of the sandbox, and its state as a whole.

import { control } from "./control.js";
import { byId, element, fill } from "./dom.js";

const STEPS = [
  [5, "5 seconds"],
  [180, "3 minutes"],
  [86_400, "a day"],
  [31_536_000, "a year"],
];

/** The time of the sandbox at a moment of `performance.now()`. */
let known;

export function startClock() {
  fill(byId("advance"), "Let pass", STEPS.map(([seconds, title]) => element("button", { type: "button", onclick: () => advance(seconds) }, title)));
  byId("set-clock").addEventListener("submit", async (event) => {
    event.preventDefault();
    const at = new Date(`${event.target.time.value}Z`).toISOString();
    show(await control("PUT", "clock", { now: at }));
  });
  setInterval(tick, 1000);
  readClock();
  startState();
}

export async function readClock() {
  show(await control("GET", "clock"));
}

async function advance(seconds) {
  show(await control("POST", "clock/advance", { seconds }));
}

function show(clock) {
  if (!clock) return;
  known = { time: Date.parse(clock.now), frozen: clock.frozen === true, at: performance.now() };
  const chip = byId("frozen");
  chip.textContent = known.frozen ? "standing still" : "running";
  tick();
}

function tick() {
  if (!known) return;
  const passed = known.frozen ? 0 : performance.now() - known.at;
  const now = new Date(known.time + passed).toISOString();
  byId("now").dateTime = now;
  byId("now").textContent = `${now.slice(0, 10)} ${now.slice(11, 19)} UTC`;
}

function startState() {
  byId("load-state").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) await control("PUT", "state", await file.text());
    event.target.value = "";
  });
  const dialog = byId("confirm-reset");
  byId("reset").addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "reset") control("POST", "reset");
    dialog.returnValue = "";
  });
}
