/** Where the words of a search stand in a text, and the part of a long text that shows the first of them. */

const BEFORE = 60; // characters kept before the first match of a text that is cut

/**
 * @param {string} text
 * @param {string[]} terms words and phrases, in any case
 * @returns {[number, number][]} start and end of every match, ascending, those that touch or overlap joined
 */
export function matchesOf(text, terms) {
  const lower = text.toLowerCase();
  if (lower.length !== text.length) return []; // a letter that has no small form of one character: places would shift
  const found = terms.filter(Boolean).flatMap((term) => placesOf(lower, term.toLowerCase()));
  found.sort(([a], [b]) => a - b);
  const joined = [];
  for (const [start, end] of found) {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

function placesOf(text, term) {
  const places = [];
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + term.length))
    places.push([at, at + term.length]);
  return places;
}

/**
 * @param {string} text
 * @param {string[]} terms
 * @param {number} most characters
 * @returns {string} the text, or so much of it that begins shortly before the first match, with dots where it is cut
 */
export function excerptOf(text, terms, most) {
  if (text.length <= most) return text;
  const [[first] = [0]] = matchesOf(text, terms);
  let start = first > most - BEFORE ? first - BEFORE : 0;
  if (start) start = text.indexOf(" ", start) + 1 || start;
  const end = start + most < text.length ? text.lastIndexOf(" ", start + most) : text.length;
  const cut = text.slice(start, end > start ? end : start + most);
  return `${start ? "\u2026 " : ""}${cut}${start + cut.length < text.length ? " \u2026" : ""}`;
}

/**
 * @param {string} text
 * @param {string[]} terms
 * @returns {{text: string, hit: boolean}[]} the text in pieces, in order
 */
export function piecesOf(text, terms) {
  const pieces = [];
  let at = 0;
  for (const [start, end] of matchesOf(text, terms)) {
    if (start > at) pieces.push({ text: text.slice(at, start), hit: false });
    pieces.push({ text: text.slice(start, end), hit: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hit: false });
  return pieces;
}
