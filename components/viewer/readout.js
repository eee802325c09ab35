/** Words for the values under the cursor: every band that the picture shows, with its unit. */

import { pixelAt } from "./view.js";

const DECIMALS = { dB: 1, "": 3 }; // whole numbers (reflectance counts, metres, classes) need none

/**
 * @param {number} value
 * @param {string} unit
 * @param {boolean} integer whether the array stores integers
 * @returns {string}
 */
export function formatValue(value, unit, integer) {
  if (!Number.isFinite(value)) return "no value";
  if (integer) return value.toLocaleString("en-US");
  return value.toFixed(DECIMALS[unit] ?? 2).replace("-", "−");
}

/**
 * The readout of one panel at one place.
 * @param {{shape: number[], values: ArrayLike<number>, dtype: string}} array shape [band, y, x]
 * @param {{bands: string[], shown: string[], unit: string, classes: Map<number, string>}} panel
 * @param {import("./view.js").Place} place
 * @returns {{text: string, values: Object<string, number>} | null} null outside the sample
 */
export function readoutAt(array, panel, place) {
  const [, height, width] = array.shape;
  const pixel = pixelAt(place, width, height);
  if (!pixel) return null;
  const at = (band) => array.values[(panel.bands.indexOf(band) * height + pixel.row) * width + pixel.column];
  const values = Object.fromEntries(panel.shown.map((band) => [band, at(band)]));
  return { text: describe(values, panel, !array.dtype.includes("f")), values };
}

function describe(values, { shown, unit, classes }, integer) {
  if (classes.size) {
    const id = values[shown[0]];
    return `${id} ${classes.get(id) ?? "unknown class"}`;
  }
  const numbers = shown.map((band) => {
    const number = formatValue(values[band], unit, integer);
    return shown.length > 1 ? `${band} ${number}` : number;
  });
  return [numbers.join("  "), unit].filter(Boolean).join(" ");
}
