/** The ground of a matrix cell says how its error stands to a constant guess's. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { groundOf } from "../../../components/generation/matrix/ground.js";

test("less error is a gain, more a loss, and nothing known has no colour", () => {
  assert.deepEqual(groundOf(0.4), { name: "gain", strength: 0.4 });
  assert.deepEqual(groundOf(-0.25), { name: "loss", strength: 0.25 });
  assert.deepEqual(groundOf(0), { name: "none", strength: 0 });
  assert.deepEqual(groundOf(-30), { name: "loss", strength: 1 });
  for (const unknown of [null, undefined, NaN]) assert.equal(groundOf(unknown).name, "unknown");
});
