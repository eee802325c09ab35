/** Histograms: every value counted once, outliers hide nothing. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { countsOf, planeOf, rangeOf } from "../../../components/viewer/histogram.js";
import { bandColours } from "../../../components/viewer/legend.js";

const sum = (counts) => counts.reduce((total, count) => total + count, 0);

test("every value within the range is counted once, both ends included", () => {
  const values = Float32Array.from({ length: 1001 }, (_, i) => i / 1000);
  const counts = countsOf(values, [0, 1]);
  assert.equal(sum(counts), 1001);
  assert.ok(Math.max(...counts) - Math.min(...counts) <= 2, "evenly");
  assert.equal(sum(countsOf([NaN, Infinity, -1, 2], [0, 1])), 0);
});

test("an image of one value has a histogram, too", () => {
  assert.equal(sum(countsOf([5, 5, 5], rangeOf([[5, 5, 5]]))), 3);
  assert.deepEqual(rangeOf([[NaN]]), [0, 1]);
});

test("single outliers are left out of the range", () => {
  const values = Int16Array.from({ length: 10000 }, (_, i) => i % 100);
  values[0] = 30000;
  assert.deepEqual(rangeOf([values]), [0, 99]);
});

test("a band is a part of its array", () => {
  const array = { bands: ["a", "b"], shape: [2, 1, 2], values: new Uint8Array([1, 2, 3, 4]) };
  assert.deepEqual([...planeOf([array], "b")], [3, 4]);
});

test("curves have the colours of their channels", () => {
  const channels = [
    { colour: "red", source: "VH" },
    { colour: "green", source: "VV" },
    { colour: "blue", source: "VV - VH" },
  ];
  const colours = bandColours({ channels }, ["vh", "vv"]).map(({ colour }) => colour);
  assert.deepEqual(colours, ["#e5484d", "#30a46c"]);
  assert.equal(bandColours({ channels: [] }, ["DEM"]).length, 1);
});
