/** Words for the values under the cursor: every band that the picture shows, with its unit. */

import { valueAt } from "./spectrum.js";

const DECIMALS = { dB: 1 }; // of floating-point values, two otherwise

/**
 * @param {number} value
 * @param {string} unit
 * @param {boolean} integer whether the array stores integers
 * @returns {string}
 */
export function formatValue(value, unit, integer) {
  if (!Number.isFinite(value)) return "no value";
  const text = integer ? value.toLocaleString("en-US") : value.toFixed(DECIMALS[unit] ?? 2);
  return text.replace("-", "−");
}

/**
 * The readout of one panel at one place.
 * @param {{bands: string[], shape: number[], values: ArrayLike<number>, dtype: string}[]} arrays each [band, y, x]; the
 *   bands of one picture may come from arrays of several resolutions
 * @param {{shown: string[], unit: string, classes: Map<number, string>}} panel
 * @param {import("./view.js").Place} place
 * @returns {{text: string, values: Object<string, number>} | null} null outside the sample
 */
export function readoutAt(arrays, panel, place) {
  const values = {};
  for (const band of panel.shown) {
    const value = valueAt(arrays, band, place);
    if (value === null) return null;
    values[band] = value;
  }
  return { text: describe(values, panel, !arrays[0].dtype.includes("f")), values };
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
