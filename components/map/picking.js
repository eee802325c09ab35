/**
 * Finding the sample under a pointer on the CPU.
 *
 * Drawing every point a second time for the graphics card to pick from would stall software renderers for seconds;
 * 30,000 distances take well under a millisecond.
 */

import { toUnit, worldSize } from "./mercator.js";

/**
 * @param {{n: number, x: Float64Array, y: Float64Array}} points positions on the unit world map
 * @param {import('./mercator.js').View} view
 * @param {number} screenX pixels from the left edge of the map
 * @param {number} screenY pixels from the top edge
 * @param {number} tolerance pixels
 * @returns {{index: number, distance: number} | null} the nearest point, null where none is within the tolerance
 */
export function nearestPoint(points, view, screenX, screenY, tolerance) {
  const size = worldSize(view.zoom);
  const [centreX, centreY] = toUnit(view.longitude, view.latitude);
  const targetX = centreX + (screenX - view.width / 2) / size;
  const targetY = centreY + (screenY - view.height / 2) / size;
  let best = (tolerance / size) ** 2;
  let index = -1;
  for (let i = 0; i < points.n; i += 1) {
    let east = points.x[i] - targetX;
    east -= Math.round(east); // the map repeats
    const south = points.y[i] - targetY;
    const squared = east * east + south * south;
    if (squared <= best) {
      best = squared;
      index = i;
    }
  }
  return index < 0 ? null : { index, distance: Math.sqrt(best) * size };
}

/**
 * Whether a place lies in a quadrilateral or any other simple polygon.
 * @param {Array<[number, number]>} ring longitude, latitude vertices, open or closed
 * @param {number} longitude
 * @param {number} latitude
 * @returns {boolean}
 */
export function insideRing(ring, longitude, latitude) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [ax, ay] = ring[i];
    const [bx, by] = ring[j];
    const crosses = ay > latitude !== by > latitude;
    if (crosses && longitude < ((bx - ax) * (latitude - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
