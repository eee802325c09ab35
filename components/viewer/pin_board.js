/** What lies under the pins: a spectral curve per optical modality, and a table of all other values. */

import { element } from "../browser/dom.js";
import { lineChart } from "./line_chart.js";
import { MAX_PINS, signOf } from "./pins.js";
import { isSpectral, spectrumAt } from "./spectrum.js";

const AXIS_NM = [400, 2250]; // from below B01 to above B12
const OFFSET_WORDS = {
  present: "the +1000 offset taken away",
  unknown: "as stored: whether they carry the +1000 offset is not known",
};

export class PinBoard {
  /** @param {{remove: (index: number) => void, clear: () => void}} actions */
  constructor(actions) {
    this.actions = actions;
    this.root = element("section", { class: "pins", "aria-label": "Pinned places", hidden: true });
  }

  /**
   * @param {import("./view.js").Place[]} pins
   * @param {import("./panel.js").Panel[]} panels
   */
  draw(pins, panels) {
    this.root.hidden = !pins.length;
    if (!pins.length) return this.root.replaceChildren();
    const ready = panels.filter((panel) => panel.values.arrays);
    const state = JSON.stringify([pins, ready.map(({ spec, legend }) => [spec.modality, spec.values, legend?.preset])]);
    if (state === this.drawn) return; // hovering draws sixty times a second
    this.drawn = state;
    const clear = element("button", { class: "tool", onclick: this.actions.clear }, "Remove all pins");
    const hint =
      pins.length === MAX_PINS
        ? `${MAX_PINS} pins are the most: remove one to set another.`
        : "Click a place to pin it, a pin to remove it.";
    const heading = element(
      "header",
      {},
      element("h4", {}, "Pinned places"),
      element("span", { class: "hint" }, hint),
      clear,
    );
    const charts = element("div", { class: "charts" });
    charts.append(...ready.filter((panel) => isSpectral(panel.spec.bands)).map((panel) => chart(panel, pins)));
    this.root.replaceChildren(heading, charts, this.table(pins, panels));
  }

  table(pins, panels) {
    const others = panels.filter(({ spec }) => !isSpectral(spec.bands));
    const head = element("tr", {}, element("th", { scope: "col" }, "Pin"));
    head.append(...others.map(({ spec }) => element("th", { scope: "col" }, spec.title)), element("th"));
    const rows = pins.map((place, i) => {
      const { letter, colour, ink } = signOf(i);
      const sign = element("span", { class: "sign", style: `background:${colour};color:${ink}` }, letter);
      const row = element("tr", {}, element("th", { scope: "row" }, sign));
      row.append(...others.map((panel) => element("td", {}, panel.textAt(place))));
      const label = `Remove pin ${letter}`;
      row.append(
        element(
          "td",
          {},
          element(
            "button",
            { class: "tool", "aria-label": label, title: label, onclick: () => this.actions.remove(i) },
            "×",
          ),
        ),
      );
      return row;
    });
    const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
    return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Values at the pins" }, table);
  }
}

function chart({ spec, values }, pins) {
  const series = pins.map((place, i) => ({
    ...signOf(i),
    points: spectrumAt(values.arrays, place, spec.offset).map(({ band, nm, reflectance }) => ({
      x: nm,
      y: reflectance,
      title: `${signOf(i).letter} · ${band}, ${nm} nm: ${reflectance.toFixed(4)}`,
    })),
  }));
  const label = `Spectral curves of ${spec.title} at ${pins.length} ${pins.length === 1 ? "place" : "places"}`;
  const drawing = lineChart({ series, xLabel: "wavelength in nm", yLabel: "reflectance", x: AXIS_NM, label });
  const words = [`${spec.title}, ${spec.about}`, OFFSET_WORDS[spec.offset]].filter(Boolean).join("; ");
  return element("figure", { class: "spectrum" }, drawing, element("figcaption", {}, words));
}
