/**
 * The window that all panels share: a square cut out of the sample, in coordinates from 0 to 1 on both axes,
 * so that modalities of 20, 60, 120 and 264 pixels move together. Pure functions over frozen objects.
 *
 * @typedef {{x: number, y: number, scale: number}} View centre, and magnification (1 shows the whole sample)
 * @typedef {{u: number, v: number}} Place a place in the sample; u to the right, v downwards
 */

export const WHOLE = Object.freeze({ x: 0.5, y: 0.5, scale: 1 });
const LARGEST_SCALE = 64; // one pixel of a 264 px chip then fills a quarter of a panel

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * The nearest view that does not leave the sample.
 * @param {View} view
 * @returns {View}
 */
export function fitted(view) {
  const scale = clamp(view.scale, 1, LARGEST_SCALE);
  const half = 0.5 / scale;
  return Object.freeze({ x: clamp(view.x, half, 1 - half), y: clamp(view.y, half, 1 - half), scale });
}

/**
 * The place under a point of a panel.
 * @param {View} view
 * @param {number} px horizontal position in the panel, 0 to 1
 * @param {number} py vertical position in the panel, 0 to 1
 * @returns {Place}
 */
export function placeAt(view, px, py) {
  return { u: view.x + (px - 0.5) / view.scale, v: view.y + (py - 0.5) / view.scale };
}

/**
 * Where a place lies in a panel.
 * @param {View} view
 * @param {Place} place
 * @returns {{px: number, py: number}} 0 to 1 while it is visible
 */
export function pointOf(view, place) {
  return { px: (place.u - view.x) * view.scale + 0.5, py: (place.v - view.y) * view.scale + 0.5 };
}

/**
 * Magnify by a factor while the place under the cursor stays where it is.
 * @param {View} view
 * @param {number} factor
 * @param {number} px cursor in the panel, 0 to 1
 * @param {number} py
 * @returns {View}
 */
export function zoomed(view, factor, px, py) {
  const { u, v } = placeAt(view, px, py);
  const scale = clamp(view.scale * factor, 1, LARGEST_SCALE);
  return fitted({ x: u - (px - 0.5) / scale, y: v - (py - 0.5) / scale, scale });
}

/**
 * Move the window by a distance given in panel widths.
 * @param {View} view
 * @param {number} dx
 * @param {number} dy
 * @returns {View}
 */
export function panned(view, dx, dy) {
  return fitted({ x: view.x - dx / view.scale, y: view.y - dy / view.scale, scale: view.scale });
}

/**
 * The pixel of an array that holds a place; null outside.
 * @param {Place} place
 * @param {number} width
 * @param {number} height
 * @returns {{column: number, row: number} | null}
 */
export function pixelAt(place, width, height) {
  const column = Math.floor(place.u * width);
  const row = Math.floor(place.v * height);
  return column < 0 || row < 0 || column >= width || row >= height ? null : { column, row };
}

/**
 * A view from its text in the page's address, `x,y,scale`; the whole sample where the text means nothing.
 * @param {string | null | undefined} text
 * @returns {View}
 */
export function viewFromText(text) {
  const [x, y, scale] = (text ?? "").split(",").map(Number);
  return [x, y, scale].every(Number.isFinite) ? fitted({ x, y, scale }) : WHOLE;
}

/**
 * The text of a view for the page's address; empty for the whole sample.
 * @param {View} view
 * @returns {string}
 */
export function viewToText(view) {
  return view.scale === 1 ? "" : [view.x.toFixed(4), view.y.toFixed(4), view.scale.toFixed(2)].join(",");
}
