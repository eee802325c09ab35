/** Marked phrases in a text: spans to pieces. Pure functions; whoever draws the pieces makes text nodes of them. */

import { matchesOf } from "../highlight.js";

/** What a phrase of a caption gives away, as its legend says it. */
export const LEAKS = {
  country: "states the country",
  season: "states the season",
  climate_zone: "states the climate zone",
};
const PLACE = /\(\s*-?[\d.]+\s*,\s*-?[\d.]+\s*\)/u; // of a point, as questions write it

/** @typedef {{kind: string, start: number, end: number}} Span in code points, as Python counts */

/**
 * Cut a text where marked phrases begin and end. Where two overlap, the first keeps what it has.
 * @param {string} text
 * @param {Span[]} spans in any order; what lies outside the text is cut off
 * @returns {{text: string, kind: string | null}[]} pieces that are the text again when joined
 */
export function pieces(text, spans) {
  const letters = [...text]; // JavaScript counts UTF-16 units, Python code points
  const found = [];
  let at = 0;
  const take = (end, kind) => {
    if (end > at) found.push({ text: letters.slice(at, end).join(""), kind });
    at = Math.max(at, end);
  };
  for (const { kind, start, end } of spans.toSorted((one, other) => one.start - other.start)) {
    take(Math.min(start, letters.length), null);
    take(Math.min(end, letters.length), kind);
  }
  take(letters.length, null);
  return found;
}

/**
 * What a question points at: its reference phrase, or its point.
 * @param {{question: string, reference: string | null, point: number[] | null}} item
 * @returns {Span[]}
 */
export function pointedAt({ question, reference, point }) {
  const phrase = reference || (point ? question.match(PLACE)?.[0] : null);
  const unit = phrase ? question.indexOf(phrase) : -1;
  if (unit < 0) return [];
  return [spanOf("reference", question, unit, unit + phrase.length)];
}

/**
 * @param {string} text
 * @param {string[]} terms words and phrases that rows are searched for
 * @returns {Span[]} where they stand
 */
export function searched(text, terms) {
  return matchesOf(text, terms).map(([start, end]) => spanOf("found", text, start, end));
}

/** From UTF-16 units to code points. */
function spanOf(kind, text, from, to) {
  const start = [...text.slice(0, from)].length;
  return { kind, start, end: start + [...text.slice(from, to)].length };
}
