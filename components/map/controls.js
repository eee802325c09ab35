/** Buttons and keys of the map. */

import { element, icon } from "../browser/dom.js";

const ICONS = {
  zoomIn: "M10 4v12M4 10h12",
  zoomOut: "M4 10h12",
  home: "M3 10a7 7 0 1 0 14 0a7 7 0 1 0-14 0M3 10h14M10 3c-4 4-4 10 0 14M10 3c4 4 4 10 0 14",
  fit: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4M8 8h4v4H8z",
  box: "M3 4h3M9 4h3M15 4h2v3M17 10v3M17 16h-3M11 16H8M5 16H3v-3M3 10V7",
  lasso: "M10 3c5 0 7 2 7 5s-3 5-7 5s-7-2-7-5s2-5 7-5M6 12c-2 2-1 4 1 5",
  clear: "M5 5l10 10M15 5L5 15",
};

/**
 * @param {Record<'zoomIn' | 'zoomOut' | 'home' | 'fit' | 'box' | 'lasso' | 'clear', () => void>} actions
 * @returns {{node: HTMLElement, update: (state: {tool: string, selecting: boolean}) => void}}
 */
export function toolbar(actions) {
  const button = (name, title) =>
    element(
      "button",
      { type: "button", title, "aria-label": title, "data-action": name, onclick: actions[name] },
      icon(ICONS[name]),
    );
  const box = button("box", "Select a box (Shift + drag)");
  const lasso = button("lasso", "Select with a lasso (L)");
  const clear = button("clear", "Clear the selection (Esc)");
  const node = element(
    "div",
    { class: "chrome toolbar", role: "toolbar", "aria-label": "Map tools" },
    element("div", { class: "group" }, button("zoomIn", "Zoom in (+)"), button("zoomOut", "Zoom out (-)")),
    element(
      "div",
      { class: "group" },
      button("home", "Show the whole world (0)"),
      button("fit", "Fit to the matching samples (F)"),
    ),
    element("div", { class: "group" }, box, lasso, clear),
  );
  return {
    node,
    update: ({ tool, selecting }) => {
      box.setAttribute("aria-pressed", String(tool === "box"));
      lasso.setAttribute("aria-pressed", String(tool === "lasso"));
      clear.hidden = !selecting;
    },
  };
}

/**
 * Keys, while the map has the focus.
 * @param {HTMLElement} container
 * @param {Record<string, () => void>} actions
 */
export function listenToKeys(container, actions) {
  const keys = {
    "+": "zoomIn",
    "=": "zoomIn",
    "-": "zoomOut",
    0: "home",
    f: "fit",
    b: "box",
    l: "lasso",
    Escape: "clear",
  };
  container.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const name = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!name) return;
    event.preventDefault();
    event.stopPropagation();
    actions[name]();
  });
}
