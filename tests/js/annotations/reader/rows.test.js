/** Rows by task, and the marks they draw. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { boxBetween } from "../../../../components/annotations/reader/box_drawing.js";
import { colourOf, marksOf, withSigns } from "../../../../components/annotations/reader/row_marks.js";
import { grouped, missing, TASKS } from "../../../../components/annotations/reader/tasks.js";

const row = (ID, type, category, more = {}) => ({ ID, type, category, box: null, point: null, problem: "", ...more });

test("captions come first, foreign tasks last, and no row is lost", () => {
  const items = [
    row(1, "binary", "presence"),
    row(2, "poem", "sonnet"),
    row(3, "mcq", "relative pos"),
    row(4, "captioning", null),
    row(5, "captioning", "None"),
    row(6, null, null),
    row(7, "binary", "presence", { problem: "It says maybe." }),
  ];
  const groups = grouped(items);
  assert.deepEqual(
    groups.map(({ title, rows }) => [title, rows.map(({ ID }) => ID)]),
    [
      ["Caption", [4, 5]],
      ["Yes or no: presence", [1, 7]],
      ["Multiple choice: relative position", [3]],
      ["poem: sonnet", [2]],
      ["No type", [6]],
    ],
  );
  assert.equal(TASKS.length, 15);
  assert.deepEqual(missing(groups), [
    "Yes or no: area, count, adjacency",
    "Multiple choice: presence, area, count, adjacency, country, season, climate zone",
    "Bounding box: reference, point",
  ]);
  assert.equal(missing([])[0], "Caption");
  assert.deepEqual(grouped([]), []);
});

test("every row with a box or a point has a number and a colour of its own", () => {
  const items = Array.from({ length: 30 }, (_, i) => row(i, "bounding box", "point", { box: [0, 0, 1, 1] }));
  const rows = withSigns([
    row(99, "binary", "area"),
    ...items,
    row(98, "bounding box", "point", { point: [0.5, 0.5] }),
  ]);
  const signs = rows.map(({ mark }) => mark).filter(Boolean);
  assert.equal(rows[0].mark, null);
  assert.deepEqual(signs.map(({ label }) => label), Array.from({ length: 31 }, (_, i) => String(i + 1))); // prettier-ignore
  assert.equal(new Set(signs.map(({ colour }) => colour)).size, 31);
  assert.equal(colourOf(0), signs[0].colour);
});

test("the row that is meant is strong and the others fade; without one, all are plain", () => {
  const rows = withSigns([
    row(1, "bounding box", "reference", { box: [0, 0, 0.5, 0.5] }),
    row(2, "bounding box", "point", { box: [0.5, 0.5, 1, 1], point: [0.7, 0.7] }),
    row(3, "binary", "area"),
  ]);
  const looks = (meant) => marksOf(rows, { meant, hides: () => false }).map(({ look }) => look);
  assert.deepEqual(looks(null), ["plain", "plain"]);
  assert.deepEqual(looks(1), ["faint", "strong"]);
  assert.deepEqual(looks(2), ["plain", "plain"], "a row without a mark");
});

test("an answer that is still to be guessed is not drawn, the question's point is", () => {
  const rows = withSigns([
    row(1, "bounding box", "reference", { box: [0, 0, 0.5, 0.5] }),
    row(2, "bounding box", "point", { box: [0.5, 0.5, 1, 1], point: [0.7, 0.7] }),
  ]);
  const marks = marksOf(rows, { meant: null, hides: () => true });
  assert.deepEqual(marks.map(({ id, box, point }) => [id, box, point]), [[1, null, [0.7, 0.7]]]); // prettier-ignore
});

test("a drawn box is upright and within the patch, whichever way the hand went", () => {
  assert.deepEqual(boxBetween({ u: 0.8, v: 0.1 }, { u: 0.2, v: 1.4 }), [0.2, 0.1, 0.8, 1]);
});
