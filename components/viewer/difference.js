/** The difference of two arrays of one unit: values, a symmetric range, colours. Pure functions. */

import { offsetOf, valueAt } from "./spectrum.js";

const SHOWN_PART = 0.98; // of all pixels within the range; the rest takes the colours of its ends
/** Low, middle and high of ColorBrewer's RdBu, reversed: told apart with every common colour vision. */
const ENDS = [
  [33, 102, 172],
  [247, 247, 247],
  [178, 24, 43],
];

/**
 * @param {{bands: string[], unit: string}} one
 * @param {{bands: string[], unit: string}} other
 * @returns {string[]} the bands that can be subtracted; none where the units differ
 */
export function commonBands(one, other) {
  if (!one.unit || one.unit !== other.unit) return [];
  return one.bands.filter((band) => other.bands.includes(band));
}

/**
 * Subtract, pixel by pixel of the finer grid, what each place holds; the +1000 is taken away where it is present.
 * @param {{spec: object, values: {arrays: object[]}}} one a panel
 * @param {{spec: object, values: {arrays: object[]}}} other
 * @param {string} band
 * @returns {{width: number, height: number, values: Float32Array, limit: number}} limit: the range is −limit to limit
 */
export function differenceOf(one, other, band) {
  const grids = [one, other].map(({ values }) => values.arrays.find(({ bands }) => bands.includes(band)).shape);
  const [, height, width] = grids[0][2] >= grids[1][2] ? grids[0] : grids[1];
  const values = new Float32Array(width * height);
  for (let i = 0; i < values.length; i++) {
    values[i] = differenceAt(one, other, band, {
      u: ((i % width) + 0.5) / width,
      v: (Math.floor(i / width) + 0.5) / height,
    });
  }
  const sizes = values.filter(Number.isFinite).map(Math.abs).sort();
  const limit = sizes[Math.floor(SHOWN_PART * (sizes.length - 1))] || 1;
  return { width, height, values, limit };
}

/**
 * @param {{spec: object, values: {arrays: object[]}}} one
 * @param {{spec: object, values: {arrays: object[]}}} other
 * @param {string} band
 * @param {import("./view.js").Place} place
 * @returns {number} NaN outside the sample
 */
export function differenceAt(one, other, band, place) {
  const [minuend, subtrahend] = [one, other].map(({ spec, values }) => {
    const value = valueAt(values.arrays, band, place);
    return value === null ? NaN : value - offsetOf(spec.offset);
  });
  return minuend - subtrahend;
}

/**
 * @param {number} t −1 to 1; what lies beyond takes the colour of the end
 * @returns {number[]} red, green, blue, 0 to 255
 */
export function divergingColour(t) {
  const within = Math.min(Math.max(t, -1), 1);
  const [from, to] = within < 0 ? [ENDS[0], ENDS[1]] : [ENDS[1], ENDS[2]];
  const part = within < 0 ? within + 1 : within;
  return from.map((start, i) => Math.round(start + part * (to[i] - start)));
}

/**
 * @param {{width: number, height: number, values: Float32Array, limit: number}} difference
 * @returns {Uint8ClampedArray} red, green, blue, alpha; transparent where there is no value
 */
export function differencePixels({ values, limit }) {
  const pixels = new Uint8ClampedArray(values.length * 4);
  values.forEach((value, i) => {
    if (Number.isFinite(value)) pixels.set([...divergingColour(value / limit), 255], 4 * i);
  });
  return pixels;
}

/**
 * @param {number} limit
 * @returns {{value: number, colour: string}[]} stops for a legend
 */
export function differenceRamp(limit) {
  return [-1, -0.5, 0, 0.5, 1].map((t) => ({ value: t * limit, colour: `rgb(${divergingColour(t).join(", ")})` }));
}
