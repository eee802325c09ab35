/** Boxes and points over a picture: where they lie under zoom, which one is meant, and that labels stay apart. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawMarks, labelPlaces, markAt, rectOf } from "../../../components/viewer/marks.js";
import { fitted, WHOLE } from "../../../components/viewer/view.js";

const CLOSE = 1e-9;
const box = (id, ...edges) => ({ id, label: String(id), colour: "#f00", box: edges, point: null, look: "plain" });
const point = (id, ...place) => ({ id, label: String(id), colour: "#f00", box: null, point: place, look: "plain" });

function assertRect(found, left, top, width, height) {
  Object.entries({ left, top, width, height }).forEach(([name, value]) =>
    assert.ok(Math.abs(found[name] - value) < CLOSE, `${name}: ${found[name]} is not ${value}`),
  );
}

test("a box of the whole patch lies where its numbers say", () => {
  assertRect(rectOf(WHOLE, [0.06, 0.59, 0.51, 1], 600), 36, 354, 270, 246);
  assertRect(rectOf(WHOLE, [0, 0, 1, 1], 333), 0, 0, 333, 333);
});

test("under zoom a box grows about what the view shows, also beyond the panel", () => {
  const view = fitted({ x: 0.25, y: 0.75, scale: 4 }); // shows 0.125 to 0.375 and 0.625 to 0.875
  assertRect(rectOf(view, [0.125, 0.625, 0.375, 0.875], 400), 0, 0, 400, 400);
  assertRect(rectOf(view, [0.25, 0.75, 0.5, 1], 400), 200, 200, 400, 400);
  assertRect(rectOf(view, [0, 0.625, 0.25, 0.75], 400), -200, 0, 400, 200);
});

test("the smallest box around a place is meant, and a point before any box", () => {
  const marks = [box(1, 0, 0, 1, 1), box(2, 0.2, 0.2, 0.6, 0.6), box(3, 0.3, 0.3, 0.9, 0.9), point(4, 0.5, 0.5)];
  const at = (u, v, view = WHOLE) => markAt(marks, { u, v }, view, 500)?.id ?? null;
  assert.equal(at(0.1, 0.1), 1);
  assert.equal(at(0.4, 0.4), 2);
  assert.equal(at(0.8, 0.8), 3);
  assert.equal(at(0.505, 0.5), 4);
  assert.equal(at(0.505, 0.5, fitted({ x: 0.5, y: 0.5, scale: 20 })), 2, "the reach is a distance on the screen");
  assert.equal(at(1.2, 0.5), null);
  assert.equal(markAt([], { u: 0.5, v: 0.5 }, WHOLE, 500), null);
});

test("labels in one corner stand side by side, and inside the panel", () => {
  const rect = { left: 30, top: 40, width: 100, height: 100 };
  const places = labelPlaces(
    [rect, rect, rect].map((each, i) => ({ rect: each, label: String(i + 1) })),
    400,
  );
  const lefts = places.map(({ left }) => left);
  assert.equal(lefts[0], 30);
  assert.ok(lefts[1] >= lefts[0] + places[0].width && lefts[2] >= lefts[1] + places[1].width, String(lefts));
  const [outside] = labelPlaces([{ rect: { left: -80, top: 395, width: 200, height: 50 }, label: "12" }], 400);
  assert.ok(outside.left >= 0 && outside.top + outside.height <= 400);
  const crowd = Array.from({ length: 80 }, (_, i) => ({ rect, label: String(i) }));
  assert.equal(labelPlaces(crowd, 200).length, 80, "where there is no room left, they lie over each other");
});

test("the line lies inside the box, dark on both sides of its colour", () => {
  const strokes = [];
  const context = new Proxy(
    {},
    {
      get: (target, name) =>
        name === "strokeRect"
          ? (...r) => strokes.push([target.strokeStyle, target.lineWidth, ...r])
          : (target[name] ?? (() => {})),
    },
  );
  drawMarks({ context, size: 400, ratio: 2 }, WHOLE, [box(1, 0.25, 0.5, 0.75, 1)]);
  const edge = 200; // CSS pixels
  assert.equal(strokes.length, 2);
  const [dark, bright] = strokes;
  assert.ok(dark[1] > bright[1]);
  for (const [, line, left, top, width, height] of [dark]) {
    assert.ok(Math.abs(left - line / 2 - 0.25 * edge) < CLOSE && Math.abs(top - line / 2 - 0.5 * edge) < CLOSE);
    assert.ok(Math.abs(left + width + line / 2 - 0.75 * edge) < CLOSE);
    assert.ok(Math.abs(top + height + line / 2 - edge) < CLOSE);
  }
  assert.equal(bright[0], "#f00");
});

test("labels keep their places when another mark is meant", () => {
  const labelsWith = (meant) => {
    const texts = new Map();
    const context = new Proxy(
      {},
      {
        get: (_, name) => (name === "fillText" ? (text, ...place) => texts.set(text, place) : () => {}),
        set: () => true,
      },
    );
    const marks = [1, 2, 3].map((id) => ({ ...box(id, 0, 0, 1, 1), look: id === meant ? "strong" : "faint" }));
    drawMarks({ context, size: 300, ratio: 1 }, WHOLE, marks);
    return [texts.get("1"), texts.get("2"), texts.get("3"), [...texts.keys()].at(-1)];
  };
  const [one, two, three, last] = labelsWith(1);
  assert.deepEqual(labelsWith(3).slice(0, 3), [one, two, three]);
  assert.equal(last, "1", "what is meant is drawn last");
});
