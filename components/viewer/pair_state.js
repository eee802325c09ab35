/** Which two panels are shown as one, and how; as text it stands in the page's address. Pure functions. */

export const MODES = ["swipe", "blink", "difference"];

/** @typedef {{mode: string, one: string, other: string, band: string}} PairState */

/**
 * @param {string | null | undefined} text `mode:modality:modality` or `mode:modality:modality:band`
 * @returns {PairState | null} null where the text means nothing
 */
export function pairFromText(text) {
  const [mode, one = "", other = "", band = ""] = (text ?? "").split(":");
  return MODES.includes(mode) ? { mode, one, other, band } : null;
}

/**
 * @param {PairState | null} pair
 * @returns {string} empty where no pair is shown
 */
export function pairToText(pair) {
  return pair ? [pair.mode, pair.one, pair.other, pair.band].filter(Boolean).join(":") : "";
}

/**
 * The pair in the terms of the panels that this sample has: a modality that it lacks gives way to another.
 * @param {PairState} pair
 * @param {string[]} modalities at least one
 * @returns {PairState}
 */
export function fittedPair(pair, modalities) {
  const one = modalities.includes(pair.one) ? pair.one : modalities[0];
  const rest = modalities.filter((modality) => modality !== one);
  const other = modalities.includes(pair.other) ? pair.other : (rest[0] ?? one);
  return { ...pair, one, other };
}
