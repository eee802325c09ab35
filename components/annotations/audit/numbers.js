/** The outcomes of a check, in the order of a line's counts, and their shares. */

/** What it is called, its sign, its name in data. */
export const OUTCOMES = [
  ["Agree", "\u2713", "agree"],
  ["Differ", "\u2260", "differ"],
  ["Can not tell", "?", "unknown"],
];

const SAYINGS = {
  agree: ["answer agrees", "answers agree"],
  differ: ["answer differs", "answers differ"],
  unknown: ["answer can not be told", "answers can not be told"],
};

/** @param {string} outcome @param {number} count @returns {string} such as "answers differ" */
export function sayingOf(outcome, count) {
  return SAYINGS[outcome][count === 1 ? 0 : 1];
}

/**
 * @param {number[]} counts of a line: an outcome each, then what is not checked
 * @returns {number[]} the outcomes' shares of what was checked, 0 where nothing was
 */
export function shares(counts) {
  const checked = OUTCOMES.reduce((sum, _, place) => sum + counts[place], 0);
  return OUTCOMES.map((_, place) => (checked ? counts[place] / checked : 0));
}

/** @param {{counts: number[]}[]} lines @returns {number[]} the sum of each column */
export function totalOf(lines) {
  return lines.reduce(
    (sums, { counts }) => sums.map((sum, place) => sum + counts[place]),
    [...OUTCOMES.map(() => 0), 0],
  );
}
