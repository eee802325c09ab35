/** The answers of a question: to read, with the right one marked, or to choose from. */

import { element } from "../../browser/dom.js";
import { marked } from "./marked.js";
import { choicesOf, iou, RIGHT_IOU, rightChoice } from "./quiz.js";
import { searched } from "./spans.js";

const SIGNS = { right: "✓", wrong: "✗" };

/**
 * @param {object} row
 * @param {import("./quiz.js").Answer | undefined} answer what was chosen, where something was
 * @param {string[]} terms that rows are searched for
 * @returns {HTMLElement} every choice, the right one marked
 */
export function answerList(row, answer, terms) {
  const right = rightChoice(row);
  const items = choicesOf(row).map(({ value, letter, text }) => {
    const own = value === right ? "right" : value === answer?.given ? "wrong" : "";
    const said = { right: "right answer", wrong: "your answer" }[own];
    return element(
      "li",
      { class: `choice ${own}` },
      element("span", { class: "ring", "aria-hidden": "true" }, SIGNS[own] ?? ""),
      words(letter, text, terms),
      said && element("span", { class: "unseen" }, ` (${said})`),
    );
  });
  return element("ul", { class: `choices ${row.type === "binary" ? "short" : ""}` }, ...items);
}

/**
 * @param {object} row
 * @param {(value: string) => void} give
 * @param {string[]} terms that rows are searched for
 * @returns {HTMLElement} a button for every choice
 */
export function answerButtons(row, give, terms) {
  const buttons = choicesOf(row).map(({ value, letter, text }) =>
    element(
      "button",
      { class: "choice", "data-value": value, onclick: () => give(value) },
      element("span", { class: "ring", "aria-hidden": "true" }),
      words(letter, text, terms),
    ),
  );
  const kind = row.type === "binary" ? "short" : "";
  return element("div", { class: `choices ${kind}`, role: "group", "aria-label": "Choose an answer" }, ...buttons);
}

/**
 * @param {boolean} drawing whether the box is waited for
 * @param {() => void} draw
 * @param {() => void} giveUp
 * @returns {HTMLElement}
 */
export function boxButtons(drawing, draw, giveUp) {
  const sign = drawing ? "Drag over the picture … (Esc to stop)" : "Draw the box";
  return element(
    "div",
    { class: "choices short", role: "group", "aria-label": "Answer on the picture" },
    element("button", { class: "choice draw", "aria-pressed": String(drawing), onclick: draw }, sign),
    element("button", { class: "choice", onclick: giveUp }, "Show it"),
  );
}

/**
 * @param {object} row
 * @param {import("./quiz.js").Answer} answer
 * @returns {HTMLElement} how it went, in words
 */
export function outcomeOf(row, { given, right }) {
  if (right === null) return element("p", { class: "outcome" }, "Shown, not counted.");
  const overlap = Array.isArray(given)
    ? ` Your box overlaps it by ${iou(given, row.box).toFixed(2)} (intersection over union; ${RIGHT_IOU} counts).`
    : "";
  const text = right ? `${SIGNS.right} Right.` : `${SIGNS.wrong} Wrong.`;
  return element("p", { class: `outcome ${right ? "right" : "wrong"}`, role: "status" }, text + overlap);
}

function words(letter, text, terms) {
  const parts = marked(text, searched(text, terms));
  return element("span", { class: "words" }, letter && element("b", {}, `${letter}) `), ...parts);
}
