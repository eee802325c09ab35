/** Clicks on inputs and outputs. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenOf, switched } from "../../../components/generation/form/choosing.js";

const EXCLUSIVE = ["LULC", "NDVI"];
const CHOICE = Object.freeze({ inputs: ["S2L2A"], outputs: ["S1RTC", "LULC"] });

test("what Python sends is what is chosen", () => {
  const cards = {
    inputs: [
      { name: "S2L2A", on: true },
      { name: "DEM", on: false },
    ],
    outputs: [{ name: "LULC", on: true }],
  };
  assert.deepEqual(chosenOf(cards), { inputs: ["S2L2A"], outputs: ["LULC"] });
});

test("a click switches on, another one off", () => {
  const on = switched(CHOICE, "inputs", "DEM", EXCLUSIVE);
  assert.deepEqual(on, { inputs: ["S2L2A", "DEM"], outputs: ["S1RTC", "LULC"] });
  assert.deepEqual(switched(on, "inputs", "DEM", EXCLUSIVE), CHOICE);
  assert.deepEqual(switched(CHOICE, "outputs", "S1RTC", EXCLUSIVE).outputs, ["LULC"]);
});

test("the last input stays, the last output may go", () => {
  assert.equal(switched(CHOICE, "inputs", "S2L2A", EXCLUSIVE), CHOICE);
  const one = { inputs: ["S2L2A"], outputs: ["LULC"] };
  assert.deepEqual(switched(one, "outputs", "LULC", EXCLUSIVE).outputs, []);
});

test("what can not be both leaves the other side", () => {
  assert.deepEqual(switched(CHOICE, "inputs", "LULC", EXCLUSIVE), { inputs: ["S2L2A", "LULC"], outputs: ["S1RTC"] });
  assert.deepEqual(switched(CHOICE, "outputs", "S2L2A", EXCLUSIVE).inputs, ["S2L2A"], "an image may be both");
  const only = { inputs: ["NDVI"], outputs: ["LULC"] };
  assert.equal(switched(only, "outputs", "NDVI", EXCLUSIVE), only, "it is the only input");
});
