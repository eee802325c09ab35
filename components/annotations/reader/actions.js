/** What keys and buttons do to the reader, by the name of the key. */

import { choicesOf } from "./quiz.js";

const PANELS = 3; // that a key enlarges

/**
 * @param {object} reader
 * @returns {Record<string, () => void>}
 */
export function actionsOf(reader) {
  const { pictures, list } = reader;
  const letters = Object.fromEntries([..."abcdyn"].map((letter) => [letter, () => choose(reader, letter)]));
  const digits = Array.from({ length: PANELS }, (_, i) => [String(i + 1), () => pictures.enlarge(i)]);
  return {
    ...letters,
    ...Object.fromEntries(digits),
    ArrowLeft: () => reader.stepper.step("previous"),
    ArrowRight: () => reader.stepper.step("next"),
    ArrowUp: () => list.step(-1),
    ArrowDown: () => list.step(1),
    "Shift+ArrowLeft": () => pictures.pan(1, 0),
    "Shift+ArrowRight": () => pictures.pan(-1, 0),
    "Shift+ArrowUp": () => pictures.pan(0, 1),
    "Shift+ArrowDown": () => pictures.pan(0, -1),
    "+": () => pictures.zoom(1),
    "=": () => pictures.zoom(1), // the same key without shift, on many keyboards
    "-": () => pictures.zoom(-1),
    0: () => pictures.zoom(0),
    q: () => reader.setQuiz(!reader.quiz),
    m: () => reader.setMarks(!pictures.shown),
    Escape: () => (reader.drawingFor === null ? reader.pick(null) : reader.drawFor(null)),
    "?": () => reader.controls.toggleHelp(),
  };
}

/** Answer the row that has the focus, where the letter is one of its choices, or begins one. */
function choose(reader, letter) {
  const row = reader.rows[reader.list.focused];
  const choice = row && choicesOf(row).find(({ value }) => value === letter || value === { y: "yes", n: "no" }[letter]);
  if (choice) reader.answer(row.at, choice.value);
}
