/** Two panels as one: what the address says, and what the difference is. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  commonBands,
  differenceAt,
  differenceOf,
  differencePixels,
  differenceRamp,
  divergingColour,
} from "../../../components/viewer/difference.js";
import { fittedPair, pairFromText, pairToText } from "../../../components/viewer/pair_state.js";

const panel = (values, shape, offset = "absent") => ({
  spec: { offset, bands: ["B04"], unit: "u" },
  values: { arrays: [{ bands: ["B04"], shape, values }] },
});

test("a pair survives its text, and junk shows none", () => {
  for (const text of ["swipe:S2L2A:DEM", "difference:S2L2A:S2L1C:B04"])
    assert.equal(pairToText(pairFromText(text)), text);
  for (const junk of ["", null, "x:y:z", "__proto__:a:b"]) assert.equal(pairFromText(junk), null);
  assert.equal(pairToText(null), "");
});

test("a modality that the sample lacks gives way to another", () => {
  const pair = { mode: "swipe", one: "S2L2A", other: "S1RTC", band: "" };
  assert.deepEqual(fittedPair(pair, ["S1GRD", "S2L2A"]), { ...pair, other: "S1GRD" });
  assert.deepEqual(fittedPair(pair, ["DEM", "NDVI"]), { ...pair, one: "DEM", other: "NDVI" });
  assert.equal(fittedPair({ ...pair, other: "S2L2A" }, ["S2L2A"]).other, "S2L2A");
});

test("only bands of one unit are subtracted", () => {
  const optical = { bands: ["B02", "B04"], unit: "reflectance" };
  assert.deepEqual(commonBands(optical, { bands: ["B04", "B10"], unit: "reflectance" }), ["B04"]);
  assert.deepEqual(commonBands(optical, { bands: ["B04"], unit: "of 255" }), []);
  assert.deepEqual(commonBands({ bands: ["x"], unit: "" }, { bands: ["x"], unit: "" }), []);
});

test("the difference is taken on the finer grid, and without the offset of either", () => {
  const fine = panel([1100, 1200, 1300, 1400], [1, 2, 2], "present");
  const coarse = panel([50], [1, 1, 1]);
  const difference = differenceOf(fine, coarse, "B04");
  assert.deepEqual([difference.width, difference.height, ...difference.values], [2, 2, 50, 150, 250, 350]);
  assert.equal(difference.limit, 250, "the part within the range");
  assert.deepEqual([...differenceOf(coarse, fine, "B04").values], [-50, -150, -250, -350]);
  assert.equal(differenceAt(fine, coarse, "B04", { u: 0.9, v: 0.1 }), 150);
  assert.ok(Number.isNaN(differenceAt(fine, coarse, "B04", { u: 2, v: 0 })));
});

test("equal arrays are white, and what has no value is transparent", () => {
  const same = panel([7, NaN], [1, 1, 2]);
  const difference = differenceOf(same, same, "B04");
  assert.equal(difference.limit, 1);
  assert.deepEqual([...differencePixels(difference)], [247, 247, 247, 255, 0, 0, 0, 0]);
});

test("colours run from blue over white to red", () => {
  assert.deepEqual(divergingColour(-9), divergingColour(-1));
  assert.ok(divergingColour(-1)[2] > divergingColour(-1)[0]);
  assert.ok(divergingColour(1)[0] > divergingColour(1)[2]);
  assert.deepEqual(
    differenceRamp(4).map(({ value }) => value),
    [-4, -2, 0, 2, 4],
  );
});
