/** Months: arithmetic over year ends and leap days. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { firstDay, lastDay, monthAfter, monthsBetween } from "../../../components/filters/months.js";

test("months later, over the end of a year", () => {
  assert.equal(monthAfter("2017-11", 0), "2017-11");
  assert.equal(monthAfter("2017-11", 1), "2017-12");
  assert.equal(monthAfter("2017-11", 14), "2019-01");
});

test("months between are the inverse", () => {
  for (const steps of [0, 1, 11, 12, 13, 59]) {
    assert.equal(monthsBetween("2016-02", firstDay(monthAfter("2016-02", steps))), steps);
  }
});

test("the last day knows leap years", () => {
  assert.equal(lastDay("2020-02"), "2020-02-29");
  assert.equal(lastDay("2019-02"), "2019-02-28");
  assert.equal(lastDay("2018-12"), "2018-12-31");
});
