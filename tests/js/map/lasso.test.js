/** Selections: what was drawn becomes a box or polygon that the filter accepts. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { boxSelection, lassoSelection, simplify } from "../../../components/map/lasso.js";

const VIEW = { longitude: 10, latitude: 50, zoom: 4, width: 800, height: 600 };
const PACIFIC = { ...VIEW, longitude: 180, latitude: 0 };

test("a box drawn in any direction has its edges in order", () => {
  const down = boxSelection(VIEW, [100, 100], [300, 400]);
  assert.deepEqual(boxSelection(VIEW, [300, 400], [100, 100]), down);
  const [west, south, east, north] = down.bbox;
  assert.ok(west < east && south < north);
});

test("a box over the antimeridian has its west east of its east", () => {
  const [west, , east] = boxSelection(PACIFIC, [300, 100], [500, 400]).bbox;
  assert.ok(west > 0 && east < 0);
});

test("a box wider than the world is the world", () => {
  const [west, , east] = boxSelection({ ...VIEW, zoom: 0 }, [0, 100], [800, 400]).bbox;
  assert.deepEqual([west, east], [-180, 180]);
});

test("a click is no box and a line is no lasso", () => {
  assert.equal(boxSelection(VIEW, [100, 100], [101, 102]), null);
  assert.equal(
    lassoSelection(VIEW, [
      [1, 1],
      [50, 50],
    ]),
    null,
  );
});

test("a lasso of thousands of vertices is thinned to what an address can carry, and stays in place", () => {
  const path = Array.from({ length: 5000 }, (_, i) => {
    const angle = (i / 5000) * 2 * Math.PI;
    return [400 + (150 + 8 * Math.sin(40 * angle)) * Math.cos(angle), 300 + 150 * Math.sin(angle)];
  });
  const { polygon } = lassoSelection(VIEW, path);
  assert.ok(polygon.length >= 3 && polygon.length <= 100, `${polygon.length} vertices`);
  for (const [lon, lat] of polygon) assert.ok(lon >= -180 && lon <= 180 && Math.abs(lat) <= 85.1);
});

test("simplifying keeps corners and drops what lies on a line", () => {
  assert.deepEqual(
    simplify(
      [
        [0, 0],
        [5, 0.01],
        [10, 0],
        [10, 5],
        [10, 10],
      ],
      0.1,
    ),
    [
      [0, 0],
      [10, 0],
      [10, 10],
    ],
  );
  assert.deepEqual(
    simplify(
      [
        [0, 0],
        [1, 1],
      ],
      0.1,
    ),
    [
      [0, 0],
      [1, 1],
    ],
  );
});
