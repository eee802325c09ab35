/** Which patch of a grid lies under a point of a picture, and where a patch lies in it. All in parts of the picture. */

/**
 * @typedef {object} Place of a point in a picture
 * @property {number} x 0 at the left edge, 1 at the right
 * @property {number} y 0 at the top
 */

/**
 * @param {Place} place
 * @param {[number, number]} grid rows and columns
 * @returns {{x: number, y: number}} column and row; points beyond an edge belong to the patch at it
 */
export function patchAt(place, [rows, columns]) {
  return { x: clamp(Math.floor(place.x * columns), columns - 1), y: clamp(Math.floor(place.y * rows), rows - 1) };
}

/**
 * @param {{x: number, y: number}} patch
 * @param {[number, number]} grid
 * @returns {Place} the middle of the patch
 */
export function middleOf(patch, [rows, columns]) {
  return { x: (patch.x + 0.5) / columns, y: (patch.y + 0.5) / rows };
}

/**
 * @param {{x: number, y: number}} patch
 * @param {[number, number]} grid
 * @returns {{left: string, top: string, width: string, height: string}} of the patch, for CSS
 */
export function boxOf(patch, [rows, columns]) {
  const percent = (part) => `${(100 * part).toFixed(3)}%`;
  return {
    left: percent(patch.x / columns),
    top: percent(patch.y / rows),
    width: percent(1 / columns),
    height: percent(1 / rows),
  };
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {Place} place
 * @param {string} key of the keyboard
 * @param {[number, number]} grid
 * @returns {Place | null} one patch further; null for another key
 */
export function stepped(place, key, grid) {
  const step = STEPS[key];
  if (!step) return null;
  const { x, y } = patchAt(place, grid);
  const [rows, columns] = grid;
  return middleOf({ x: clamp(x + step[0], columns - 1), y: clamp(y + step[1], rows - 1) }, grid);
}

/**
 * @param {[number, number, number, number]} cut left, top, width, height as parts of a picture
 * @returns {{left: string, top: string, width: string, height: string}} for CSS: only that part fills the frame
 */
export function cutStyle([left, top, width, height]) {
  return {
    left: `${(-100 * left) / width || 0}%`,
    top: `${(-100 * top) / height || 0}%`,
    width: `${100 / width}%`,
    height: `${100 / height}%`,
  };
}

function clamp(value, highest) {
  return Math.max(0, Math.min(highest, value));
}
