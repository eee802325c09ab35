/** What is known of a run: event by event, told twice, or told late. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { hasEnded, newJob, partDone, reduced } from "../../../components/generation/live/events.js";

const GRID = [
  [
    [1, 2],
    [3, 4],
  ],
  [
    [5, 6],
    [7, 8],
  ],
]; // of two seeds
const DECIDED = [
  [
    [true, false],
    [true, true],
  ],
  [
    [true, true],
    [true, true],
  ],
];

function after(...events) {
  return events.reduce((job, [name, data]) => reduced(job, name, data), newJob());
}

function step(modality, number, steps = 4, rest = {}) {
  return ["step", { modality, step: number, steps, eta_s: steps - number, preview: `p${number}`, ...rest }];
}

test("a run goes from the queue through loading to its steps and its end", () => {
  const queued = after(["queued", { position: 2, wait_s: 7.5 }]);
  assert.deepEqual([queued.state, queued.position, queued.waitS], ["queued", 2, 7.5]);
  const loading = reduced(queued, "loading", { what: "weights", done: 1, total: 4 });
  assert.deepEqual([loading.state, loading.loading.done], ["loading", 1]);
  const running = reduced(loading, "tokens", { modality: "DEM", step: 1, steps: 1, grid: GRID, decided: DECIDED });
  assert.equal(running.state, "running");
  assert.deepEqual(running.outputs.DEM.tokens.grid, GRID[0], "the first seed is drawn");
  assert.deepEqual(running.outputs.DEM.tokens.decided, DECIDED[0]);
  const done = reduced(running, "done", { seconds: 3.2 });
  assert.deepEqual([done.state, done.seconds], ["done", 3.2]);
});

test("pictures are kept by their step, whatever is told twice", () => {
  const job = after(step("DEM", 1), step("DEM", 2), step("DEM", 2), step("DEM", 1));
  assert.deepEqual(job.outputs.DEM.previews, ["p1", "p2"]);
  assert.equal(job.outputs.DEM.step, 2, "an older event takes nothing back");
});

test("whoever comes late gets the latest picture alone, at its place", () => {
  const job = after(step("DEM", 3));
  assert.equal(job.outputs.DEM.previews.findLast(Boolean), "p3");
  assert.equal(job.outputs.DEM.previews.length, 3);
});

test("a step without a picture counts all the same", () => {
  const job = after(step("LULC", 1, 1, { preview: null }));
  assert.deepEqual([job.outputs.LULC.step, job.outputs.LULC.previews], [1, []]);
});

test("outputs keep the order in which they came, and the last one is at work", () => {
  const job = after(step("S1RTC", 1), step("LULC", 1), step("S1RTC", 2));
  assert.deepEqual([job.order, job.at], [["S1RTC", "LULC"], "S1RTC"]);
});

test("nothing follows an end, and unknown events change nothing", () => {
  for (const [name, data] of [
    ["done", { seconds: 1 }],
    ["failed", { message: "no" }],
    ["cancelled", {}],
  ]) {
    const ended = after([name, data]);
    assert.ok(hasEnded(ended));
    assert.equal(reduced(ended, ...step("DEM", 1)), ended);
  }
  const job = after(step("DEM", 1));
  assert.equal(reduced(job, "heartbeat", {}), job);
  assert.equal(reduced(job, "toString", {}), job);
});

test("no event changes the job that was", () => {
  const before = after(step("DEM", 1));
  const copy = structuredClone(before);
  reduced(before, ...step("DEM", 2));
  assert.deepEqual(before, copy);
});

test("the bar follows the time that is left, where it is known", () => {
  const job = after(step("DEM", 1, 4, { eta_s: 9 }));
  assert.equal(partDone(job, ["DEM"], 3), 0.25);
  assert.equal(partDone(reduced(job, "done", {}), ["DEM"], 3), 1);
});

test("the bar counts steps of all outputs where no time is known", () => {
  const job = after(step("DEM", 4, 4, { eta_s: null }));
  assert.equal(partDone(job, ["DEM", "NDVI"], 0), 0.5);
  assert.equal(partDone(newJob(), ["DEM"], 0), null);
  assert.equal(partDone(after(["loading", { what: "x", done: 1, total: 0 }]), ["DEM"], 0), null);
  assert.equal(partDone(after(["loading", { what: "x", done: 1, total: 4 }]), ["DEM"], 0), 0.25);
});
