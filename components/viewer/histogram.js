/** How often each value occurs in what a panel shows: counted when asked for, drawn as SVG. */

import { element, svg } from "../browser/dom.js";

const BINS = 64;
const WIDTH = 256;
const HEIGHT = 72;
const TAIL = 0.001; // of all values on either side that may lie outside, so that single outliers hide nothing

/**
 * @param {ArrayLike<number>} values of one band; what is not finite is left out
 * @param {number[]} range low and high end of the bins
 * @returns {number[]} counts per bin; values outside fall into none, the high end into the last
 */
export function countsOf(values, [low, high]) {
  const counts = new Array(BINS).fill(0);
  const width = (high - low) / BINS || 1;
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i] - low) / width);
    if (values[i] === high) counts[Math.min(bin, BINS - 1)]++;
    else if (bin >= 0 && bin < BINS) counts[bin]++;
  }
  return counts;
}

/**
 * The range that holds all values of some bands but a few at either end.
 * @param {ArrayLike<number>[]} planes
 * @returns {number[]}
 */
export function rangeOf(planes) {
  const sorted = Float64Array.from(planes.flatMap((plane) => Array.from(plane).filter(Number.isFinite))).sort();
  if (!sorted.length) return [0, 1];
  const cut = Math.floor(TAIL * (sorted.length - 1));
  return [sorted[cut], sorted[sorted.length - 1 - cut]];
}

/**
 * The values of one band.
 * @param {{bands: string[], shape: number[], values: object}[]} arrays each [band, y, x]
 * @param {string} band
 * @returns {object} a part of the array, not a copy
 */
export function planeOf(arrays, band) {
  const { bands, shape, values } = arrays.find((array) => array.bands.includes(band));
  const size = shape[1] * shape[2];
  return values.subarray(bands.indexOf(band) * size, (bands.indexOf(band) + 1) * size);
}

/**
 * One curve per shown band over one axis.
 * @param {{bands: string[], shape: number[], values: object}[]} arrays
 * @param {{band: string, colour: string}[]} shown
 * @param {(value: number) => string} format
 * @param {string} unit
 * @returns {HTMLElement}
 */
export function histogram(arrays, shown, format, unit) {
  const planes = shown.map(({ band }) => planeOf(arrays, band));
  const range = rangeOf(planes);
  const counts = planes.map((plane, i) => shares(countsOf(plane, range), planes[i].length));
  const top = Math.max(...counts.flat());
  const label = `Histogram of ${shown.map(({ band }) => band).join(", ")} from ${format(range[0])} to ${format(range[1])} ${unit}`;
  const root = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": label,
  });
  shown.forEach(({ colour }, i) => {
    const points = counts[i].map(
      (share, bin) => `${(((bin + 0.5) / BINS) * WIDTH).toFixed(1)},${(HEIGHT * (1 - share / top)).toFixed(1)}`,
    );
    root.append(
      svg("polyline", {
        points: points.join(" "),
        fill: "none",
        stroke: colour,
        "stroke-width": 1.6,
        "vector-effect": "non-scaling-stroke",
      }),
    );
  });
  const ends = element(
    "div",
    { class: "ticks" },
    element("span", {}, format(range[0])),
    element("span", { class: "unit" }, unit),
    element("span", {}, format(range[1])),
  );
  return element("div", { class: "curves" }, root, ends);
}

/** Bands of several resolutions have different numbers of pixels: their shares can be compared, their counts not. */
function shares(counts, total) {
  return counts.map((count) => count / total);
}
