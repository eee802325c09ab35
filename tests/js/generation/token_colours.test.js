/** Colours of tokens: alike for codes that are alike, all within what a screen shows well. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { tokenColour } from "../../../components/generation/live/token_colours.js";

test("every code of every tokenizer has a colour that is neither black nor white", () => {
  for (const codes of [512, 4375, 15360, 1000, 0])
    for (let code = 0; code < codes; code += 7)
      for (const channel of tokenColour(code, codes)) assert.ok(channel >= 46 && channel <= 232, `${code} of ${codes}`);
});

test("neighbours in the grid of the quantiser look alike, ends do not", () => {
  const [one, next, far] = [0, 1, 7].map((code) => tokenColour(code, 15360));
  assert.deepEqual(one.slice(1), next.slice(1));
  assert.ok(Math.abs(one[0] - next[0]) < 40);
  assert.ok(far[0] - one[0] > 150);
});

test("all codes of a grid of three digits differ", () => {
  const colours = new Set(Array.from({ length: 512 }, (_, code) => tokenColour(code, 512).join(",")));
  assert.equal(colours.size, 512);
});
