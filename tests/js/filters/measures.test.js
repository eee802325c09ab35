/** Measures: steps of sliders, ends in any order, and what is said of an index that is not complete. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { coverage, endsOf, named, stepOf } from "../../../components/filters/measures.js";

test("a slider steps by powers of ten, at least a hundred of them", () => {
  assert.equal(stepOf({ low: 0, high: 100 }), 1);
  assert.equal(stepOf({ low: -1, high: 1 }), 0.01);
  assert.equal(stepOf({ low: 0, high: 1 }), 0.01);
  assert.equal(stepOf({ low: -500, high: 9000 }), 10);
  assert.equal(stepOf({ low: -40, high: 20 }), 0.1);
});

test("an empty end is open, and ends in the wrong order are swapped", () => {
  assert.deepEqual(endsOf("40", ""), [40, null]);
  assert.deepEqual(endsOf(" ", "5"), [null, 5]);
  assert.deepEqual(endsOf("60", "40"), [40, 60]);
  assert.deepEqual(endsOf("", ""), [null, null]);
});

test("a count over an incomplete index says that it is partial", () => {
  assert.equal(coverage(96, 96), "96 of 96 samples measured");
  assert.equal(coverage(5120, 96000), "5,120 of 96,000 samples measured: counts with this condition are partial.");
  assert.match(coverage(0, 96), /none matches/);
});

test("a name carries its unit", () => {
  assert.equal(named({ title: "Relief", unit: "m" }), "Relief, m");
  assert.equal(named({ title: "NDVI, mean", unit: "" }), "NDVI, mean");
});
