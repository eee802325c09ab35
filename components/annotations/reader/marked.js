/** Texts with phrases marked, as nodes: whatever a row holds, it stays text. */

import { element } from "../../browser/dom.js";
import { LEAKS, pieces } from "./spans.js";

/**
 * @param {string} text
 * @param {import("./spans.js").Span[]} spans
 * @returns {(string | HTMLElement)[]}
 */
export function marked(text, spans) {
  return pieces(text, spans).map(({ text: part, kind }) => (kind ? phrase(part, kind) : part));
}

function phrase(text, kind) {
  const leak = LEAKS[kind];
  return element("mark", { class: leak ? `leak ${kind}` : kind, title: leak }, text);
}
