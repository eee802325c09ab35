/** Nearest point and point in polygon, against slow and obvious ways of finding them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { insideRing, nearestPoint } from "../../../components/map/picking.js";
import { toScreen, toUnit } from "../../../components/map/mercator.js";

const VIEW = { longitude: 178, latitude: -15, zoom: 4, width: 700, height: 500 };

function pointsAt(places) {
  const units = places.map(([lon, lat]) => toUnit(lon, lat));
  return { n: places.length, x: Float64Array.from(units, ([x]) => x), y: Float64Array.from(units, ([, y]) => y) };
}

function pseudoRandom(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

test("the nearest of many is the one that a full search on the screen finds", () => {
  const random = pseudoRandom(7);
  const places = Array.from({ length: 500 }, () => [((168 + 24 * random() + 180) % 360) - 180, -25 + 20 * random()]);
  const points = pointsAt(places);
  for (let trial = 0; trial < 200; trial += 1) {
    const [x, y] = [700 * random(), 500 * random()];
    const distances = places.map(([lon, lat]) => {
      const [px, py] = toScreen(VIEW, lon, lat);
      return Math.hypot(px - x, py - y);
    });
    const expected = distances.indexOf(Math.min(...distances));
    const found = nearestPoint(points, VIEW, x, y, 12);
    if (distances[expected] > 12) assert.equal(found, null);
    else {
      assert.equal(found.index, expected);
      assert.ok(Math.abs(found.distance - distances[expected]) < 1e-3);
    }
  }
});

test("nothing is found among no points", () => {
  assert.equal(nearestPoint(pointsAt([]), VIEW, 10, 10, 50), null);
});

test("inside and outside of a concave polygon", () => {
  const ring = [
    [0, 0],
    [10, 0],
    [10, 10],
    [5, 4],
    [0, 10],
  ];
  assert.ok(insideRing(ring, 1, 1));
  assert.ok(insideRing(ring, 9, 8));
  assert.ok(!insideRing(ring, 5, 8), "the notch is outside");
  assert.ok(!insideRing(ring, 11, 5));
  assert.ok(!insideRing(ring, -1, 5));
});
