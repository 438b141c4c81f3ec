// Starts the page: each part has a file, this one connects them to what the sandbox tells.

import { readClock, startClock } from "./clock.js";
import { listen } from "./control.js";
import { byId } from "./dom.js";
import { refreshFaults, startFaults } from "./faults.js";
import { startKeys } from "./keys.js";
import { refreshOverview, startOverview } from "./overview.js";
import { startReference } from "./reference.js";
import { addRequest, readRequests, startRequests } from "./requests.js";

startOverview();
startRequests();
startClock();
startKeys();
startReference().then(startFaults);
refreshOverview();

listen({
  open() {
    connection("Live", "good");
    refreshOverview();
    refreshFaults();
    readRequests();
    readClock();
  },
  lost: () => connection("Not connected", "bad"),
  request: addRequest,
  state: refreshOverview,
  faults: refreshFaults,
});

function connection(text, look) {
  const chip = byId("connection");
  chip.textContent = text;
  chip.className = `chip ${look}`;
}
