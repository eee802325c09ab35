/** How fast bytes come, over the last seconds; and sizes, counts and times as a reader wants them. */

import { grouped } from "../browser/dom.js";

const SPAN_MS = 4000; // short enough to follow a change, long enough not to flicker

export class Meter {
  #marks = []; // [time, bytes since the beginning], oldest first
  #total = 0;

  /** @param {number} bytes that came @param {number} now milliseconds */
  add(bytes, now) {
    if (!this.#marks.length) this.#marks.push([now, this.#total]);
    this.#total += bytes;
    this.#marks.push([now, this.#total]);
    while (this.#marks.length > 2 && this.#marks[1][0] < now - SPAN_MS) this.#marks.shift();
  }

  /** Forget the pace, not the total: after a pause a new one begins. */
  restart() {
    this.#marks = [];
  }

  /** @returns {number} bytes that came in all */
  get total() {
    return this.#total;
  }

  /** @param {number} now milliseconds @returns {number | null} bytes per second; null where it can not be told yet */
  rate(now) {
    if (this.#marks.length < 2) return null;
    const [[begun, before]] = this.#marks;
    const seconds = (now - begun) / 1000;
    return seconds > 0.2 ? (this.#total - before) / seconds : null;
  }
}

/** @param {number} bytes @returns {string} such as 6.3 GB */
export function size(bytes) {
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** @param {number} seconds @returns {string} such as 4 min */
export function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/**
 * Where playing is, in words.
 * @param {{number: number | null, samples: number | null, position: number, bytes: number}} at
 * @returns {string}
 */
export function place({ number, samples, position, bytes }) {
  const read = bytes ? `${size(position)} of ${size(bytes)}` : size(position);
  if (number === null) return read;
  return samples ? `${grouped(number)} of ${grouped(samples)}` : `${grouped(number)} samples`;
}

/** @param {{number: number | null, samples: number | null, position: number, bytes: number}} at @returns {number} 0 to 1 */
export function share({ number, samples, position, bytes }) {
  const part = number !== null && samples ? number / samples : bytes ? position / bytes : 0;
  return Math.min(1, Math.max(0, part));
}
