/** What the colours mean, how many samples match, and which data sets are drawn. */

import { element, grouped } from "../browser/dom.js";

const MODE_TEXT = {
  loading: "loading",
  points: "one point per sample",
  density: "density, from few to many",
  empty: "no match",
};

/**
 * @typedef {object} LegendEntry
 * @property {string} name of the data set
 * @property {string} title
 * @property {boolean} shown
 * @property {number} matched
 * @property {string} colour CSS colour
 * @property {string[]} ramp colours of the density, from few to many
 * @property {string} mode what is drawn now
 * @property {string} problem why the data set could not be opened, or ''
 */

/**
 * @param {(name: string, shown: boolean) => void} onToggle
 * @returns {{node: HTMLElement, update: (entries: LegendEntry[]) => void}}
 */
export function legend(onToggle) {
  const rows = new Map();
  const node = element("div", { class: "chrome legend", role: "group", "aria-label": "Data sets on the map" });
  const row = ({ name, title }) => {
    const box = element("input", { type: "checkbox", onchange: () => onToggle(name, box.checked) });
    const swatch = element("span", { class: "swatch" });
    const count = element("span", { class: "count" });
    const mode = element("span", { class: "mode" });
    const label = element("label", {}, box, swatch, element("span", { class: "title" }, title), count, mode);
    node.append(label);
    return { box, swatch, count, mode, label };
  };
  return {
    node,
    update: (entries) => {
      for (const entry of entries) {
        if (!rows.has(entry.name)) rows.set(entry.name, row(entry));
        const { box, swatch, count, mode, label } = rows.get(entry.name);
        box.checked = entry.shown;
        box.hidden = entries.length < 2; // there is nothing to choose from
        box.disabled = Boolean(entry.problem);
        label.title = entry.problem || (box.hidden ? entry.title : `Show or hide ${entry.title}`);
        swatch.style.setProperty("--swatch", entry.colour);
        swatch.style.setProperty("--ramp", entry.ramp.join());
        swatch.dataset.mode = entry.shown ? entry.mode : "hidden";
        count.textContent = entry.problem ? "not opened" : grouped(entry.matched);
        mode.textContent = entry.shown && !entry.problem ? (MODE_TEXT[entry.mode] ?? entry.mode) : "";
      }
    },
  };
}
