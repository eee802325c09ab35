/** The bar that tells how long a kilometre is in the middle of the map. */

import { element } from "../browser/dom.js";
import { metresPerPixel } from "./mercator.js";

const LONGEST_PX = 110;

/** @returns {{node: HTMLElement, update: (view: import('./mercator.js').View) => void}} */
export function scaleBar() {
  const text = element("span");
  const bar = element("span", { class: "bar" });
  return {
    node: element("div", { class: "scale", "aria-hidden": "true" }, text, bar),
    update: ({ latitude, zoom }) => {
      const { metres, pixels } = roundLength(metresPerPixel(latitude, zoom), LONGEST_PX);
      text.textContent = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
      bar.style.width = `${pixels}px`;
    },
  };
}

/**
 * The longest round length (1, 2 or 5 times a power of ten) that fits.
 * @param {number} metresPerPx
 * @param {number} longestPx
 * @returns {{metres: number, pixels: number}}
 */
export function roundLength(metresPerPx, longestPx) {
  const longest = metresPerPx * longestPx;
  const power = 10 ** Math.floor(Math.log10(longest));
  const metres = [5, 2, 1].map((factor) => factor * power).find((length) => length <= longest) ?? power;
  return { metres, pixels: Math.round(metres / metresPerPx) };
}
