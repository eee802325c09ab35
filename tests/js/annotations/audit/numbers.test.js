/** Shares and sums of a check's findings. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { OUTCOMES, sayingOf, shares, totalOf } from "../../../../components/annotations/audit/numbers.js";

test("shares are of what was checked, and of nothing where nothing was", () => {
  assert.deepEqual(shares([6, 3, 1, 90]), [0.6, 0.3, 0.1]);
  assert.deepEqual(shares([0, 0, 0, 5]), [0, 0, 0]);
  assert.equal(OUTCOMES.length, 3);
});

test("one answer differs, two differ", () => {
  assert.equal(sayingOf("differ", 1), "answer differs");
  assert.equal(sayingOf("unknown", 2), "answers can not be told");
});

test("every column is summed", () => {
  assert.deepEqual(totalOf([{ counts: [1, 2, 3, 4] }, { counts: [10, 20, 30, 40] }]), [11, 22, 33, 44]);
  assert.deepEqual(totalOf([]), [0, 0, 0, 0]);
});
