/** The line above a page of results: how many match, which of them these are, and the way to the other pages. */

import { element, grouped } from "../browser/dom.js";

/**
 * @param {[number, number, number, number]} pages number of the first item (0: not known), items here, items that
 *   match, and whether more follow
 * @param {string} unit such as "in view"
 * @param {(by: number) => void} onTurn
 * @returns {HTMLElement[]}
 */
export function pageBar([first, shown, matched, more], unit, onTurn) {
  const turn = (by, title, text, on) =>
    element("button", { type: "button", title, "aria-label": title, disabled: !on, onclick: () => onTurn(by) }, text);
  const range = matched > shown && shown && first ? ` \u00b7 ${grouped(first)}\u2013${grouped(first + shown - 1)}` : "";
  const words = element("span", { role: "status" }, element("b", {}, grouped(matched)), ` ${unit}${range}`);
  if (matched <= shown) return [words];
  const turns = [turn(-1, "Previous page", "\u2039", first !== 1), turn(1, "Next page", "\u203a", more)];
  return [words, element("span", { class: "turn" }, ...turns)];
}
