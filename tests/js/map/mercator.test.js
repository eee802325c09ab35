/** Web-mercator arithmetic: inverse of itself, right over the antimeridian, true to known distances. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  bboxText,
  boundsOf,
  encloses,
  fillingZoom,
  fromScreen,
  fromUnit,
  metresPerPixel,
  spanOf,
  toScreen,
  toUnit,
  viewOf,
  wrapLongitude,
} from "../../../components/map/mercator.js";

const CLOSE = 1e-6;
const close = (a, b, tolerance = CLOSE) => assert.ok(Math.abs(a - b) < tolerance, `${a} is not ${b}`);
const VIEW = { longitude: 10, latitude: 50, zoom: 5, width: 800, height: 600 };

test("a place on the unit map comes back as itself", () => {
  for (const [lon, lat] of [
    [0, 0],
    [-180, -85],
    [179.9, 85],
    [13.4, 52.5],
    [-70.7, -33.4],
  ]) {
    const [x, y] = toUnit(lon, lat);
    const [backLon, backLat] = fromUnit(x, y);
    close(backLon, lon);
    close(backLat, lat);
  }
});

test("known corners of the square map", () => {
  assert.deepEqual(
    toUnit(0, 0).map((value) => Number(value.toFixed(12))),
    [0.5, 0.5],
  );
  close(toUnit(180, 0)[0], 1);
  close(toUnit(0, 85.051129)[1], 0, 1e-7);
});

test("screen and place belong together", () => {
  for (const [x, y] of [
    [0, 0],
    [400, 300],
    [799, 1],
  ]) {
    const [lon, lat] = fromScreen(VIEW, x, y);
    const [backX, backY] = toScreen(VIEW, lon, lat);
    close(backX, x);
    close(backY, y);
  }
});

test("a place beyond the antimeridian is drawn on the nearest copy of the world", () => {
  const fiji = { longitude: 179, latitude: -17, zoom: 6, width: 800, height: 600 };
  const [x] = toScreen(fiji, -179, -17);
  close(x, 400 + (2 / 360) * 512 * 2 ** 6);
});

test("metres per pixel at the equator and at 60 degrees", () => {
  close(metresPerPixel(0, 0), 78271.516, 0.01);
  close(metresPerPixel(60, 0), 78271.516 / 2, 0.01);
});

test("bounds: whole world when zoomed out, wrapped over the antimeridian", () => {
  const world = boundsOf({ longitude: 0, latitude: 0, zoom: 0, width: 800, height: 600 });
  assert.equal(world.west, -180);
  assert.equal(world.east, 180);
  const pacific = boundsOf({ longitude: 180, latitude: 0, zoom: 4, width: 800, height: 600 });
  assert.ok(pacific.west > 0 && pacific.east < 0);
  close(spanOf(pacific), (800 / (512 * 16)) * 360);
});

test("enclosing counts over the antimeridian too", () => {
  const outer = { west: 170, south: -20, east: -170, north: 0 };
  assert.ok(encloses(outer, { west: 175, south: -10, east: -175, north: -5 }));
  assert.ok(encloses(outer, { west: 171, south: -10, east: 179, north: -5 }));
  assert.ok(!encloses(outer, { west: 160, south: -10, east: 175, north: -5 }));
  assert.ok(!encloses(outer, { west: -175, south: -10, east: -165, north: -5 }));
  assert.ok(encloses({ west: -180, south: -90, east: 180, north: 90 }, outer));
});

test("the view of some bounds shows them", () => {
  const bounds = { west: 5, south: 47, east: 15, north: 55 };
  const view = { ...viewOf(bounds, { width: 800, height: 600 }), width: 800, height: 600 };
  assert.ok(encloses(boundsOf(view), bounds));
  const crossing = { west: 170, south: -20, east: -170, north: -10 };
  assert.ok(encloses(boundsOf({ ...viewOf(crossing, VIEW), width: 800, height: 600 }), crossing));
});

test("the filling zoom leaves no empty edge", () => {
  close(fillingZoom(1024, 300), 1);
  close(fillingZoom(300, 2048), 2);
});

test("longitudes wrap, and stay where they are allowed", () => {
  assert.equal(wrapLongitude(190), -170);
  assert.equal(wrapLongitude(-190), 170);
  assert.equal(wrapLongitude(180), 180);
  assert.equal(wrapLongitude(540), -180);
});

test("a bbox is short text", () => {
  assert.equal(bboxText({ west: -1.123456789, south: 2, east: 3, north: 4 }), "-1.12346,2,3,4");
});
