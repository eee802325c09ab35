import assert from "node:assert/strict";
import { test } from "node:test";

import { excerptOf, matchesOf, piecesOf } from "../../../components/annotations/highlight.js";

test("words and phrases are found wherever they stand, in any case, and joined where they touch", () => {
  assert.deepEqual(matchesOf("Forest, more forest", ["forest"]), [
    [0, 6],
    [13, 19],
  ]);
  assert.deepEqual(matchesOf("Beaches, dunes, sands", ["dunes, sands", "sands", "beaches"]), [
    [0, 7],
    [9, 21],
  ]);
  assert.deepEqual(matchesOf("aaa", ["a"]), [[0, 3]]);
  assert.deepEqual(matchesOf("anything", ["", "nothing"]), []);
});

test("a letter whose small form is longer shifts no mark", () => {
  assert.deepEqual(matchesOf("\u0130stanbul has a forest", ["forest"]), []);
});

test("the pieces are the whole text again", () => {
  const text = "In summer, Austria: <b>summer</b>";
  const pieces = piecesOf(text, ["SUMMER"]);
  assert.equal(pieces.map((piece) => piece.text).join(""), text);
  assert.deepEqual(
    pieces.filter((piece) => piece.hit).map((piece) => piece.text),
    ["summer", "summer"],
  );
});

test("a long text is cut around its first match, at words", () => {
  const text = `${"lorem ipsum ".repeat(60)}needle ${"dolor sit ".repeat(60)}`.trim();
  const excerpt = excerptOf(text, ["needle"], 120);
  assert.match(excerpt, /^\u2026 /u);
  assert.match(excerpt, / \u2026$/u);
  assert.ok(excerpt.includes("needle"));
  assert.ok(excerpt.length <= 124);
  assert.equal(excerptOf("short", ["needle"], 120), "short");
  assert.match(excerptOf(text, [], 120), /^lorem/u);
});
