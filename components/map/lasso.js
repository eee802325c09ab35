/** Turning what the pointer drew into the box or polygon of a filter. */

import { clampLatitude, fromScreen, wrapLongitude } from "./mercator.js";

const MAX_VERTICES = 100; // keeps the address of the page short enough for any browser and server
const MIN_DRAG_PX = 4; // below that it was a click

/**
 * The box between two screen corners.
 * @param {import('./mercator.js').View} view
 * @param {[number, number]} first
 * @param {[number, number]} second
 * @returns {{kind: 'box', bbox: [number, number, number, number]} | null} null where it was a click, not a drag
 */
export function boxSelection(view, first, second) {
  if (Math.abs(first[0] - second[0]) < MIN_DRAG_PX || Math.abs(first[1] - second[1]) < MIN_DRAG_PX) return null;
  const [west, north] = fromScreen(view, Math.min(first[0], second[0]), Math.min(first[1], second[1]));
  const [east, south] = fromScreen(view, Math.max(first[0], second[0]), Math.max(first[1], second[1]));
  const whole = east - west >= 360;
  const edges = [whole ? -180 : wrapLongitude(west), south, whole ? 180 : wrapLongitude(east), north];
  return { kind: "box", bbox: /** @type {any} */ (edges.map(shorten)) };
}

/**
 * The polygon of a drawn line, thinned to what the address of a page can carry.
 * @param {import('./mercator.js').View} view
 * @param {Array<[number, number]>} path screen positions in drawing order
 * @returns {{kind: 'lasso', polygon: Array<[number, number]>} | null} null where no area was drawn
 */
export function lassoSelection(view, path) {
  let tolerance = 1; // pixel
  let thinned = simplify(path, tolerance);
  while (thinned.length > MAX_VERTICES) {
    tolerance *= 1.5;
    thinned = simplify(path, tolerance);
  }
  if (thinned.length < 3) return null;
  const places = thinned.map(([x, y]) => fromScreen(view, x, y));
  return { kind: "lasso", polygon: intoOneWorld(places) };
}

/**
 * Douglas-Peucker: drop the vertices that lie within `tolerance` of the line without them.
 * @param {Array<[number, number]>} path
 * @param {number} tolerance in the unit of the path
 * @returns {Array<[number, number]>}
 */
export function simplify(path, tolerance) {
  if (path.length < 3) return path.slice();
  const keep = new Uint8Array(path.length);
  keep[0] = 1;
  keep[path.length - 1] = 1;
  const open = [[0, path.length - 1]];
  while (open.length) {
    const [from, to] = open.pop();
    const { index, distance } = farthest(path, from, to);
    if (distance <= tolerance) continue;
    keep[index] = 1;
    open.push([from, index], [index, to]);
  }
  return path.filter((_, i) => keep[i]);
}

function farthest(path, from, to) {
  const [ax, ay] = path[from];
  const [bx, by] = path[to];
  const length = Math.hypot(bx - ax, by - ay);
  let index = from;
  let distance = 0;
  for (let i = from + 1; i < to; i += 1) {
    const [x, y] = path[i];
    const away = length ? Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length : Math.hypot(x - ax, y - ay);
    if (away > distance) {
      distance = away;
      index = i;
    }
  }
  return { index, distance };
}

/** Shift a polygon drawn on a repeated world back to the first one; what still sticks out is cut at the edge. */
function intoOneWorld(places) {
  const centre = places.reduce((sum, [longitude]) => sum + longitude, 0) / places.length;
  const shift = wrapLongitude(centre) - centre;
  return places.map(([longitude, latitude]) => [
    shorten(Math.min(180, Math.max(-180, longitude + shift))),
    shorten(clampLatitude(latitude)),
  ]);
}

/** Five decimals are about a metre, a tenth of a pixel of the data. */
function shorten(degrees) {
  return Number(degrees.toFixed(5));
}
