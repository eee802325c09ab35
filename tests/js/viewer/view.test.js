/** The shared window: what is under the cursor stays there, and nothing leaves the sample. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  fitted,
  panned,
  pixelAt,
  placeAt,
  pointOf,
  viewFromText,
  viewToText,
  WHOLE,
  zoomed,
} from "../../../components/viewer/view.js";

const CLOSE = 1e-9;
const close = (a, b) => assert.ok(Math.abs(a - b) < CLOSE, `${a} is not ${b}`);

test("a place and its point in the panel belong together", () => {
  const view = fitted({ x: 0.4, y: 0.6, scale: 5 });
  const { px, py } = pointOf(view, placeAt(view, 0.2, 0.9));
  close(px, 0.2);
  close(py, 0.9);
});

test("zooming keeps the place under the cursor", () => {
  const before = fitted({ x: 0.5, y: 0.5, scale: 4 });
  const after = zoomed(before, 1.7, 0.3, 0.8);
  close(placeAt(after, 0.3, 0.8).u, placeAt(before, 0.3, 0.8).u);
  close(placeAt(after, 0.3, 0.8).v, placeAt(before, 0.3, 0.8).v);
});

test("no gesture leaves the sample", () => {
  for (const view of [
    panned(WHOLE, 3, -3),
    panned(fitted({ x: 0.5, y: 0.5, scale: 8 }), 100, -100),
    zoomed(WHOLE, 0.1, 1, 1),
  ]) {
    const upperLeft = placeAt(view, 0, 0);
    const lowerRight = placeAt(view, 1, 1);
    assert.ok(upperLeft.u >= -CLOSE && upperLeft.v >= -CLOSE && lowerRight.u <= 1 + CLOSE && lowerRight.v <= 1 + CLOSE);
  }
});

test("the same place falls into the right pixel of every resolution", () => {
  const place = { u: 0.5001, v: 0.25 };
  assert.deepEqual(pixelAt(place, 120, 120), { column: 60, row: 30 });
  assert.deepEqual(pixelAt(place, 20, 20), { column: 10, row: 5 });
  assert.equal(pixelAt({ u: 1.01, v: 0 }, 120, 120), null);
});

test("a view survives its text, and junk shows the whole sample", () => {
  const view = fitted({ x: 0.25, y: 0.75, scale: 6.5 });
  assert.deepEqual(viewFromText(viewToText(view)), view);
  for (const junk of ["", null, "1,2", "a,b,c", "NaN,0,1", "Infinity,0,1"]) assert.equal(viewFromText(junk), WHOLE);
});
