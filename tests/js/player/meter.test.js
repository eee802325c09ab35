/** Speeds follow the last seconds; sizes, times and places read as a person would say them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { duration, Meter, place, share, size } from "../../../components/player/meter.js";

test("the speed is that of the last seconds, and the total is of all", () => {
  const meter = new Meter();
  assert.equal(meter.rate(0), null);
  for (let second = 1; second <= 10; second += 1) meter.add(1000, second * 1000);
  assert.equal(Math.round(meter.rate(10_000)), 1000);
  for (let second = 11; second <= 20; second += 1) meter.add(5000, second * 1000);
  assert.equal(Math.round(meter.rate(20_000)), 5000);
  assert.equal(meter.total, 60_000);
  meter.restart();
  assert.equal(meter.rate(20_000), null);
  assert.equal(meter.total, 60_000);
});

test("a stream that waits gets slower", () => {
  const meter = new Meter();
  meter.add(1000, 0);
  meter.add(1000, 1000);
  assert.ok(meter.rate(4000) < meter.rate(1000));
});

test("sizes and times", () => {
  assert.deepEqual([0, 950, 12_300, 999_700, 6_350_000_000, 17e12].map(size), [
    "0.0 kB",
    "0.9 kB",
    "12 kB",
    "1.0 MB",
    "6.3 GB",
    "17 TB",
  ]);
  assert.deepEqual([0.2, 89, 600, 9000].map(duration), ["1 s", "89 s", "10 min", "2.5 h"]);
});

test("places by number where it is known, else by bytes", () => {
  const at = { number: 1234, samples: 10_240, position: 5e8, bytes: 1e9 };
  assert.equal(place(at), "1,234 of 10,240");
  assert.equal(place({ ...at, samples: null }), "1,234 samples");
  assert.equal(place({ ...at, number: null }), "500 MB of 1.0 GB");
  assert.equal(share(at), 1234 / 10_240);
  assert.equal(share({ ...at, number: null }), 0.5);
  assert.equal(share({ number: null, samples: null, position: 7, bytes: 0 }), 0);
});
