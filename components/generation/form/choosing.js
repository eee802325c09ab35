/** Which modalities are chosen, and what a click makes of it. Pure functions over frozen objects. */

/** @typedef {{inputs: string[], outputs: string[]}} Choice */

/**
 * @param {{inputs: {name: string, on: boolean}[], outputs: {name: string, on: boolean}[]}} data as Python sends it
 * @returns {Choice}
 */
export function chosenOf({ inputs, outputs }) {
  return Object.freeze({ inputs: named(inputs), outputs: named(outputs) });
}

/**
 * The choice after a click on a modality. The last input stays: without one there is nothing to see.
 * @param {Choice} choice
 * @param {"inputs" | "outputs"} side
 * @param {string} name
 * @param {string[]} exclusive modalities that can not be both; the other side lets go
 * @returns {Choice}
 */
export function switched(choice, side, name, exclusive) {
  const other = side === "inputs" ? "outputs" : "inputs";
  const on = !choice[side].includes(name);
  if (!on && side === "inputs" && choice.inputs.length === 1) return choice;
  const here = on ? [...choice[side], name] : choice[side].filter((each) => each !== name);
  const gives = on && exclusive.includes(name) && choice[other].includes(name);
  const there = gives ? choice[other].filter((each) => each !== name) : choice[other];
  if (other === "inputs" && !there.length) return choice; // it is the only input
  return Object.freeze({ ...choice, [side]: here, [other]: there });
}

function named(cards) {
  return cards.filter(({ on }) => on).map(({ name }) => name);
}
