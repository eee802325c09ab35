/** Which marks the rows of a patch draw, and how each is told from the others. Pure functions. */

import { signOf } from "../../viewer/pins.js";

const OF_ONE_SET = 6; // colours that everybody tells apart; further ones differ by hue, and all by number
const GOLDEN_ANGLE = 137.5; // degrees: the next hue is far from all before

/**
 * @param {number} index
 * @returns {string} a colour of its own for every row with a mark
 */
export function colourOf(index) {
  return index < OF_ONE_SET ? signOf(index).colour : `hsl(${(index * GOLDEN_ANGLE) % 360} 85% 62%)`;
}

/**
 * Give every row its place, which is unique where a damaged file's IDs are not, and those with a box or a point a
 * number and a colour.
 * @param {object[]} items
 * @returns {object[]} the same rows with `at`: 0, 1, ..., and `mark`: {label, colour} or null
 */
export function withSigns(items) {
  let count = 0;
  return items.map((item, at) => {
    const marked = item.box || item.point;
    const mark = marked ? { label: String(count + 1), colour: colourOf(count) } : null;
    count += marked ? 1 : 0;
    return { ...item, at, mark };
  });
}

/**
 * The marks to draw.
 * @param {object[]} rows from `withSigns`
 * @param {{meant: number | null, hides: (row: object) => boolean}} scene the row that is meant, if any, and whether the
 *   answer of a row is still to be guessed: its point, which is part of the question, is drawn all the same
 * @returns {import("../../viewer/marks.js").Mark[]}
 */
export function marksOf(rows, { meant, hides }) {
  const some = rows.some(({ at, mark }) => mark && at === meant); // a row without a mark makes none fade
  return rows
    .filter(({ mark }) => mark)
    .map((row) => ({
      id: row.at,
      label: row.mark.label,
      colour: row.mark.colour,
      box: hides(row) ? null : row.box,
      point: row.point,
      look: !some ? "plain" : row.at === meant ? "strong" : "faint",
    }))
    .filter(({ box, point }) => box || point);
}
