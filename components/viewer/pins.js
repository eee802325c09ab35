/** Pins: places that the user keeps to compare them. Pure functions over lists of places. */

export const MAX_PINS = 6; // as many as colours that everybody tells apart
const REACH = 0.02; // of a panel's edge: a click so near to a pin means that pin
/** Okabe and Ito, Color Universal Design (2008), without black and yellow, which do not show on every picture. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const INKS = ["#fff", "#fff", "#fff", "#000", "#000", "#000"]; // contrast of at least 3.4 : 1 with the colour
const DASHES = ["", "6 3", "2 3", "8 3 2 3", "10 4", "4 2 1 2"];

/** @typedef {import("./view.js").Place} Place */

/**
 * @param {number} index
 * @returns {{letter: string, colour: string, ink: string, dash: string}} how the pin is told from the others
 */
export function signOf(index) {
  return { letter: "ABCDEF"[index], colour: COLOURS[index], ink: INKS[index], dash: DASHES[index] };
}

/**
 * Set a pin, or take away the one that lies there; a seventh is not set.
 * @param {Place[]} pins
 * @param {Place} place
 * @param {number} scale magnification of the view: the reach of a click is a distance on the screen
 * @returns {Place[]}
 */
export function toggled(pins, place, scale) {
  if (place.u < 0 || place.v < 0 || place.u >= 1 || place.v >= 1) return pins;
  const near = pins.findIndex((pin) => Math.hypot(pin.u - place.u, pin.v - place.v) < REACH / scale);
  if (near >= 0) return without(pins, near);
  return pins.length < MAX_PINS ? [...pins, place] : pins;
}

/**
 * @param {Place[]} pins
 * @param {number} index
 * @returns {Place[]}
 */
export function without(pins, index) {
  return pins.filter((_, i) => i !== index);
}

/**
 * @param {Place[]} pins
 * @returns {string} `u,v;u,v` for the page's address
 */
export function pinsToText(pins) {
  return pins.map(({ u, v }) => `${u.toFixed(4)},${v.toFixed(4)}`).join(";");
}

/**
 * @param {string | null | undefined} text
 * @returns {Place[]} what means nothing is left out
 */
export function pinsFromText(text) {
  return (text ?? "")
    .split(";")
    .filter(Boolean)
    .map((pair) => pair.split(","))
    .filter((numbers) => numbers.length === 2)
    .map(([u, v]) => ({ u: u.trim() ? Number(u) : NaN, v: v.trim() ? Number(v) : NaN }))
    .filter(({ u, v }) => u >= 0 && v >= 0 && u < 1 && v < 1)
    .slice(0, MAX_PINS);
}
