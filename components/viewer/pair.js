/** Two panels shown as one: swiped, blinking, or subtracted. */

import { element } from "../browser/dom.js";
import { cleared, drawCrosshair, drawPins, drawWindow } from "./canvas.js";
import { commonBands, differenceAt, differenceOf, differencePixels, differenceRamp } from "./difference.js";
import { drawLegend } from "./legend.js";
import { fittedPair } from "./pair_state.js";
import { formatValue } from "./readout.js";

const BLINK_MS = 800; // slow enough for those whom flashing hurts: WCAG 2.3.1 allows three a second
const TITLES = { swipe: "Swipe", blink: "Blink", difference: "Difference" };

export class Pair {
  /** @param {{change: (state: object | null) => void, draw: () => void}} events */
  constructor(events) {
    this.events = events;
    this.state = null;
    this.split = 0.5;
    this.second = false; // which picture blinking shows
    const change = (changes) => events.change({ ...this.state, ...changes });
    this.one = element("select", {
      class: "preset",
      "aria-label": "First panel",
      onchange: () => change({ one: this.one.value }),
    });
    this.other = element("select", {
      class: "preset",
      "aria-label": "Second panel",
      onchange: () => change({ other: this.other.value }),
    });
    this.band = element("select", {
      class: "preset",
      "aria-label": "Band",
      onchange: () => change({ band: this.band.value }),
    });
    this.divider = element("input", {
      type: "range",
      class: "divider",
      min: 0,
      max: 1,
      step: 0.01,
      value: 0.5,
      "aria-label": "Divider",
      oninput: () => this.divide(Number(this.divider.value)),
    });
    this.switcher = element("button", { class: "tool", onclick: () => this.flip() }, "Other picture");
    const close = element(
      "button",
      { class: "tool", "aria-label": "Close", title: "Close (key Esc)", onclick: () => events.change(null) },
      "×",
    );
    const bar = element("figcaption", { class: "toolbar" }, this.one, this.other, this.band, this.switcher, close);
    this.canvas = element("canvas", { role: "img" });
    this.labels = [element("div", { class: "tag left" }), element("div", { class: "tag right" })];
    this.readout = element("div", { class: "readout" });
    this.stage = element(
      "div",
      { class: "stage", tabindex: 0, "aria-label": "Two panels as one" },
      this.canvas,
      ...this.labels,
      this.readout,
    );
    this.legend = element("div", { class: "legend" });
    this.root = element("figure", { class: "pair", hidden: true }, bar, this.stage, this.divider, this.legend);
  }

  /**
   * Show a pair of these panels, or none.
   * @param {import("./pair_state.js").PairState | null} state
   * @param {import("./panel.js").Panel[]} panels
   */
  show(state, panels) {
    clearInterval(this.blinking);
    this.state =
      state && panels.length > 1
        ? fittedPair(
            state,
            panels.map(({ spec }) => spec.modality),
          )
        : null;
    this.root.hidden = !this.state;
    if (!this.state) return;
    const { mode, one, other } = this.state;
    this.pair = [one, other].map((name) => panels.find(({ spec }) => spec.modality === name));
    fill(
      this.one,
      panels.map(({ spec }) => [spec.modality, spec.title]),
      one,
    );
    fill(
      this.other,
      panels.map(({ spec }) => [spec.modality, spec.title]),
      other,
    );
    this.divider.hidden = mode !== "swipe";
    this.switcher.hidden = mode !== "blink";
    this.legend.hidden = mode !== "difference";
    const bands = mode === "difference" ? commonBands(this.pair[0].spec, this.pair[1].spec) : [];
    this.state.band = firstOf(bands, [this.state.band, ...(this.pair[0].shown ?? [])]);
    fill(
      this.band,
      bands.map((band) => [band, band]),
      this.state.band,
    );
    this.band.hidden = !bands.length;
    this.difference = null;
    if (mode === "difference") for (const panel of this.pair) panel.values.load();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (mode === "blink" && !still) this.blinking = setInterval(() => this.flip(), BLINK_MS);
  }

  flip() {
    this.second = !this.second;
    this.events.draw();
  }

  divide(split) {
    this.split = split;
    this.events.draw();
  }

  /**
   * @param {import("./view.js").View} view
   * @param {{cursor: import("./view.js").Place | null, pins: object[]}} scene
   */
  draw(view, { cursor, pins }) {
    if (!this.state) return;
    const canvas = cleared(this.canvas, this.stage.clientWidth);
    const draw = {
      swipe: () => this.drawSwipe(canvas, view),
      blink: () => this.drawBlink(canvas, view),
      difference: () => this.drawDifference(canvas, view),
    };
    draw[this.state.mode]();
    if (cursor) drawCrosshair(canvas, view, cursor);
    drawPins(canvas, view, pins);
    this.readout.textContent = cursor ? this.textAt(cursor) : "";
    this.readout.hidden = !this.readout.textContent;
    this.canvas.setAttribute(
      "aria-label",
      `${TITLES[this.state.mode]} of ${this.pair.map(({ spec }) => spec.title).join(" and ")}`,
    );
  }

  drawSwipe({ context, size }, view) {
    const [left, right] = this.pair.map(({ chip }) => chip.picture);
    const edge = Math.round(this.split * size);
    if (right) drawWindow(context, right, view, size);
    context.save();
    context.beginPath();
    context.rect(0, 0, edge, size);
    context.clip();
    context.clearRect(0, 0, edge, size);
    if (left) drawWindow(context, left, view, size);
    context.restore();
    context.fillStyle = "#fff";
    context.fillRect(edge - 1, 0, 2, size);
    this.name(this.pair[0].spec.title, this.pair[1].spec.title);
  }

  drawBlink({ context, size }, view) {
    const { chip, spec } = this.pair[Number(this.second)];
    if (chip.picture) drawWindow(context, chip.picture, view, size);
    this.name(spec.title, "");
  }

  drawDifference({ context, size }, view) {
    const [one, other] = this.pair;
    this.name(`${one.spec.title} − ${other.spec.title}`, "");
    const problem = this.differenceProblem();
    if (problem) {
      this.legend.replaceChildren(element("p", {}, problem));
      return;
    }
    this.difference ??= this.subtract();
    drawWindow(context, this.difference, view, size);
  }

  /** Why there is no difference to draw yet, or at all; empty where there is one. */
  differenceProblem() {
    const [one, other] = this.pair;
    if (!this.state.band)
      return `${one.spec.title} and ${other.spec.title} have no band in one unit. Choose two that have, such as S2 L2A and S2 L1C.`;
    const error = one.values.error ?? other.values.error;
    return error?.message ?? (one.values.arrays && other.values.arrays ? "" : "Loading the values …");
  }

  subtract() {
    const [one, other] = this.pair;
    const { band } = this.state;
    const difference = differenceOf(one, other, band);
    const picture = element("canvas", { width: difference.width, height: difference.height });
    picture
      .getContext("2d")
      .putImageData(new ImageData(differencePixels(difference), difference.width, difference.height), 0, 0);
    const offsets = [one, other].some(({ spec }) => spec.offset === "present")
      ? ["the +1000 offset is taken away"]
      : [];
    const recipe = `${band}: ${one.spec.title} minus ${other.spec.title}, ${one.spec.unit}; 98 % of all pixels lie within the colours`;
    drawLegend(this.legend, { ramp: differenceRamp(difference.limit), unit: "1", recipe, notes: offsets });
    return picture;
  }

  name(left, right) {
    this.labels.forEach((label, i) => {
      label.textContent = [left, right][i];
      label.hidden = !label.textContent;
    });
  }

  textAt(place) {
    const [one, other] = this.pair;
    if (this.state.mode !== "difference")
      return [one, other].map((panel) => `${panel.spec.title}  ${panel.textAt(place)}`).join("\n");
    if (this.differenceProblem()) return "";
    const value = differenceAt(one, other, this.state.band, place);
    return `${this.state.band} ${formatValue(value, one.spec.unit, Number.isInteger(value))} ${one.spec.unit}`;
  }

  /** Stop blinking. */
  close() {
    clearInterval(this.blinking);
  }
}

/** The first wish that there is, or else the first of all. */
function firstOf(choices, wishes) {
  return wishes.find((wish) => choices.includes(wish)) ?? choices[0] ?? "";
}

function fill(menu, choices, chosen) {
  menu.replaceChildren(...choices.map(([value, title]) => new Option(title, value)));
  menu.value = chosen;
}
