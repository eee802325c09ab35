/** What a run is at, in words. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { newJob, reduced } from "../../../components/generation/live/events.js";
import { exact, told } from "../../../components/generation/live/words.js";

const TITLES = { S1RTC: "S1 RTC" };
const title = (name) => TITLES[name] ?? name;

function after(...events) {
  return told(
    events.reduce((job, [name, data]) => reduced(job, name, data), newJob()),
    title,
  );
}

test("the queue tells the place, and the wait where it is known", () => {
  assert.equal(after(["queued", { position: 1, wait_s: null }]), "Next in the queue");
  assert.equal(after(["queued", { position: 3, wait_s: 200 }]), "Place 3 in the queue, about 3 min");
});

test("loading tells files by number and downloads in megabytes", () => {
  assert.equal(after(["loading", { what: "TerraMind base", done: 2, total: 5 }]), "Loading TerraMind base: 2 of 5");
  assert.equal(
    after(["loading", { what: "the weights", done: 12e6, total: 1.5e9 }]),
    "Loading the weights: 12 of 1,500 MB",
  );
  assert.equal(after(["loading", { what: "the model", done: 0, total: 0 }]), "Loading the model\u2026");
});

test("a step is named by its output, with the time that is left", () => {
  const step = { modality: "S1RTC", step: 3, steps: 10, eta_s: 4.2 };
  assert.equal(after(["step", step]), "S1 RTC: step 3 of 10 \u00b7 about 4 s left");
  assert.equal(after(["step", { ...step, eta_s: 0.4 }]), "S1 RTC: step 3 of 10 \u00b7 almost done");
  assert.equal(after(["step", { ...step, eta_s: null }]), "S1 RTC: step 3 of 10");
  assert.equal(after(["step", { modality: "LULC", step: 1, steps: 1, eta_s: null }]), "LULC: decoded");
});

test("tokens are told pass by pass where there are several", () => {
  const tokens = { modality: "S1RTC", step: 2, steps: 4, grid: [[1]], decided: [[true]] };
  assert.equal(after(["tokens", tokens]), "S1 RTC: tokens, pass 2 of 4");
  assert.equal(after(["tokens", { ...tokens, step: 1, steps: 1 }]), "S1 RTC: tokens");
});

test("ends are told with what was measured", () => {
  assert.equal(after(["done", { seconds: 3.44 }]), "Done in 3.4 s");
  assert.equal(after(["cancelled", {}]), "Cancelled");
  assert.equal(exact(75), "75 s");
});
