/**
 * A colour for each code of a tokenizer, alike for codes that are alike.
 *
 * TerraMind's tokenizers quantise to a finite grid (FSQ): the digits of a code, in the base of its levels, are a place in
 * that grid. The first three digits become red, green and blue.
 */

const LEVELS = {
  512: [8, 8, 8],
  4375: [7, 5, 5, 5, 5],
  15360: [8, 8, 8, 6, 5],
}; // by the number of codes
const DARKEST = 46;
const BRIGHTEST = 232; // neither black nor white: both mean something else on a map of tokens

/**
 * @param {number} code from 0
 * @param {number} codes how many there are
 * @returns {number[]} red, green, blue, 0 to 255
 */
export function tokenColour(code, codes) {
  const levels = LEVELS[codes] ?? cubeOf(codes);
  const channels = [];
  let rest = code;
  for (const count of levels.slice(0, 3)) {
    const digit = rest % count;
    rest = Math.floor(rest / count);
    channels.push(Math.round(DARKEST + (digit / Math.max(1, count - 1)) * (BRIGHTEST - DARKEST)));
  }
  return channels;
}

/** Levels for a number of codes that is not known here: a cube that has room for all. */
function cubeOf(codes) {
  const edge = Math.max(2, Math.ceil(Math.cbrt(codes || 1)));
  return [edge, edge, edge];
}
