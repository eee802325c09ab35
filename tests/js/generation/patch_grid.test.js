/** Points of a picture, and the patches below them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { boxOf, cutStyle, middleOf, patchAt, stepped } from "../../../components/generation/embeddings/patch_grid.js";

const GRID = [14, 7]; // rows, columns

test("every point belongs to one patch, edges and what lies beyond included", () => {
  assert.deepEqual(patchAt({ x: 0, y: 0 }, GRID), { x: 0, y: 0 });
  assert.deepEqual(patchAt({ x: 0.5, y: 0.5 }, GRID), { x: 3, y: 7 });
  assert.deepEqual(patchAt({ x: 1, y: 1 }, GRID), { x: 6, y: 13 });
  assert.deepEqual(patchAt({ x: -0.2, y: 1.3 }, GRID), { x: 0, y: 13 });
});

test("the middle of a patch lies in it, in any grid", () => {
  for (const grid of [[1, 1], GRID, [28, 28]]) {
    for (let y = 0; y < grid[0]; y += 1) {
      for (let x = 0; x < grid[1]; x += 1) assert.deepEqual(patchAt(middleOf({ x, y }, grid), grid), { x, y });
    }
  }
});

test("a patch is drawn where it lies", () => {
  assert.deepEqual(boxOf({ x: 1, y: 7 }, GRID), {
    left: "14.286%",
    top: "50.000%",
    width: "14.286%",
    height: "7.143%",
  });
});

test("arrow keys go one patch further and stop at the edges", () => {
  const corner = middleOf({ x: 0, y: 0 }, GRID);
  assert.deepEqual(patchAt(stepped(corner, "ArrowRight", GRID), GRID), { x: 1, y: 0 });
  assert.deepEqual(patchAt(stepped(corner, "ArrowDown", GRID), GRID), { x: 0, y: 1 });
  assert.deepEqual(patchAt(stepped(corner, "ArrowLeft", GRID), GRID), { x: 0, y: 0 });
  assert.equal(stepped(corner, "Enter", GRID), null);
});

test("a cut part of a photograph fills the frame", () => {
  assert.deepEqual(cutStyle([0.25, 0, 0.5, 0.5]), { left: "-50%", top: "0%", width: "200%", height: "200%" });
});
