/**
 * The ground of a number: how much less or more its error is than a constant guess's.
 * @param {number | null} skill 1: no error is left, 0: as much, below: more
 * @returns {{name: string, strength: number}} a class of the style sheet, and how strong its colour is, 0 to 1
 */
export function groundOf(skill) {
  if (skill === null || skill === undefined || !Number.isFinite(skill)) return { name: "unknown", strength: 0 };
  return { name: skill > 0 ? "gain" : skill < 0 ? "loss" : "none", strength: Math.min(Math.abs(skill), 1) };
}
