/** A part of an array, as if it were all. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { cutArray, pixelsOf } from "../../../components/viewer/cut.js";

const WIDTH = 6;
const ARRAY = {
  shape: [2, 4, WIDTH],
  dtype: "<i2",
  values: Int16Array.from({ length: 2 * 4 * WIDTH }, (_, i) => i),
};

test("the window of a sample falls on whole pixels", () => {
  const cut = [20 / 264, 20 / 264, 224 / 264, 224 / 264];
  assert.deepEqual(pixelsOf(cut, 264, 264), { left: 20, top: 20, width: 224, height: 224 });
});

test("each band is cut by rows and columns, and keeps its type", () => {
  const { shape, values, dtype } = cutArray(ARRAY, [2 / 6, 1 / 4, 3 / 6, 2 / 4]);
  assert.deepEqual(shape, [2, 2, 3]);
  assert.equal(dtype, "<i2");
  assert.ok(values instanceof Int16Array);
  assert.deepEqual([...values], [8, 9, 10, 14, 15, 16, 32, 33, 34, 38, 39, 40]);
});

test("without a cut the array is what it was", () => {
  assert.equal(cutArray(ARRAY, null), ARRAY);
  assert.equal(cutArray(ARRAY, undefined), ARRAY);
});
