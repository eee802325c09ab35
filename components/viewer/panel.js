/** One modality: its picture on a canvas, its preset menu, the value under the cursor, its legend. */

import { element } from "../browser/dom.js";
import { cleared, drawCrosshair, drawPins, drawWindow } from "./canvas.js";
import { Chip, Values } from "./chip.js";
import { histogram } from "./histogram.js";
import { bandColours, classNames, drawLegend, shownBands } from "./legend.js";
import { drawMarks } from "./marks.js";
import { formatValue, readoutAt } from "./readout.js";

export class Panel {
  /**
   * @param {object} spec one entry of the component's `panels`
   * @param {{onPreset: (modality: string, preset: string) => void, onDraw: () => void, onEnlarge: () => void}} events
   */
  constructor(spec, events) {
    this.events = events;
    this.chip = new Chip(() => this.showChip());
    this.values = new Values(() => {
      this.showHistogram();
      this.events.onDraw();
    });
    this.title = element("span", { class: "name" });
    this.about = element("span", { class: "about" });
    this.enlarge = element("button", { class: "tool enlarge", onclick: () => events.onEnlarge() }, "⤢");
    this.menu = element("select", {
      class: "preset",
      onchange: () => events.onPreset(this.spec.modality, this.menu.value),
    });
    this.canvas = element("canvas", { role: "img" });
    this.readout = element("div", { class: "readout", hidden: true });
    this.message = element("div", { class: "message", role: "status", hidden: true });
    this.stage = element("div", { class: "stage", tabindex: 0 }, this.canvas, this.readout, this.message);
    this.legendBox = element("div", { class: "legend" });
    this.histogram = element("details", { class: "histogram", hidden: true, ontoggle: () => this.openHistogram() });
    const words = element("span", { class: "words" }, this.title, this.about);
    const heading = element("figcaption", {}, words, this.menu, this.enlarge);
    this.root = element("figure", { class: "panel" }, heading, this.stage, this.legendBox, this.histogram);
    this.update(spec);
  }

  /** Show another modality, sample or preset; what is the same is not fetched again. */
  update(spec) {
    const before = this.spec;
    this.spec = spec;
    this.root.dataset.modality = spec.modality;
    this.title.textContent = spec.title;
    this.about.textContent = spec.about;
    if (JSON.stringify(before?.presets) !== JSON.stringify(spec.presets)) this.fillMenu();
    this.menu.value = spec.preset;
    this.stage.setAttribute(
      "aria-label",
      `${spec.title}: plus and minus zoom, shift and arrows move, Enter pins the middle`,
    );
    this.enlarge.setAttribute("aria-label", `Enlarge ${spec.title}`);
    this.enlarge.title = `Enlarge ${spec.title}`;
    this.values.from(spec.values);
    const same = before?.picture === spec.picture && String(before.cut) === String(spec.cut);
    if (!same) this.chip.load(spec.picture, spec.legend, spec.cut);
  }

  fillMenu() {
    this.menu.replaceChildren(...this.spec.presets.map(({ name, title }) => new Option(title, name)));
    this.menu.classList.toggle("lonely", this.spec.presets.length < 2); // keeps its room: panels of a row stay in line
    this.menu.setAttribute("aria-label", `Preset of ${this.spec.title}`);
  }

  get legend() {
    return this.chip.legend;
  }

  showChip() {
    const { loading, error, legend } = this.chip;
    this.root.classList.toggle("loading", loading);
    this.root.setAttribute("aria-busy", String(loading));
    if (legend && !loading) this.showLegend(legend);
    this.message.hidden = !loading && !error;
    this.message.replaceChildren(loading ? "Loading the picture …" : (error?.message ?? ""));
    if (error) {
      const again = () => this.chip.load(this.spec.picture, this.spec.legend, this.spec.cut);
      this.message.append(element("button", { class: "tool", onclick: again }, "Try again"));
      this.legendBox.replaceChildren();
    }
    this.events.onDraw();
  }

  showLegend(legend) {
    this.classes = classNames(legend);
    this.shown = shownBands(legend, this.spec.bands);
    this.canvas.setAttribute("aria-label", `${this.spec.title}, ${legend.title}: ${legend.recipe}`);
    drawLegend(this.legendBox, legend);
    this.histogram.hidden = this.classes.size > 0; // the legend counts classes already
    this.showHistogram();
    if (this.histogram.open) this.values.load();
  }

  openHistogram() {
    if (this.histogram.open) this.values.load();
    this.showHistogram();
  }

  showHistogram() {
    const { arrays, error } = this.values;
    const parts = [element("summary", {}, "Histogram")];
    if (this.histogram.open && error) parts.push(error.message);
    if (this.histogram.open && arrays && this.legend) {
      const { unit } = this.spec;
      const format = (value) => formatValue(value, unit, Number.isInteger(value));
      parts.push(histogram(arrays, bandColours(this.legend, this.shown), format, unit));
    }
    this.histogram.replaceChildren(...parts);
  }

  /**
   * Draw the part of the picture that the view shows.
   * @param {import("./view.js").View} view
   * @param {{cursor: import("./view.js").Place | null, overlay: ImageBitmap | null, opacity: number, pins: object[],
   *   marks?: import("./marks.js").Mark[]}} scene
   */
  draw(view, { cursor, overlay, opacity, pins, marks = [] }) {
    const canvas = cleared(this.canvas, this.stage.clientWidth);
    const { picture } = this.chip;
    if (picture) drawWindow(canvas.context, picture, view, canvas.size);
    if (overlay && picture) {
      canvas.context.globalAlpha = opacity;
      drawWindow(canvas.context, overlay, view, canvas.size);
      canvas.context.globalAlpha = 1;
    }
    drawMarks(canvas, view, marks);
    if (cursor) drawCrosshair(canvas, view, cursor);
    drawPins(canvas, view, pins);
    const text = cursor && picture ? this.textAt(cursor) : "";
    this.readout.textContent = text;
    this.readout.hidden = !text;
  }

  /**
   * @param {import("./view.js").Place} place
   * @returns {string} the values of the shown bands there, or why there are none
   */
  textAt(place) {
    const { arrays, error } = this.values;
    if (error) return error.message;
    if (!arrays || !this.shown) return "Loading the values …";
    return readoutAt(arrays, { ...this.spec, shown: this.shown, classes: this.classes }, place)?.text ?? "";
  }

  /** @param {boolean} enlarged whether the panel takes the whole width */
  setEnlarged(enlarged) {
    this.root.classList.toggle("enlarged", enlarged);
    this.enlarge.setAttribute("aria-pressed", String(enlarged));
  }

  /** Let go of pictures and requests. */
  close() {
    this.chip.close();
    this.values.close();
    this.root.remove();
  }
}
