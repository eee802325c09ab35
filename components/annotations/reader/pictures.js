/** The left side: the patch's pictures, moving together, with boxes and points over each of them. */

import { element } from "../../browser/dom.js";
import { listen } from "../../viewer/gestures.js";
import { markAt } from "../../viewer/marks.js";
import { Panel } from "../../viewer/panel.js";
import { fitted, panned, WHOLE, zoomed } from "../../viewer/view.js";
import { Blank } from "./blank.js";
import { BoxDrawing } from "./box_drawing.js";

const ZOOM_STEP = 1.5;
const PAN_STEP = 0.2; // of a panel's width

export class Pictures {
  /**
   * @param {object} events
   * @param {(modality: string, preset: string) => void} events.preset
   * @param {(at: number | null) => void} events.hover the row whose mark lies under the mouse
   * @param {(at: number | null) => void} events.pick the row whose mark was clicked
   * @param {() => void} events.moved the view is another one
   * @param {(box: number[]) => void} events.drawn the user has drawn a box
   */
  constructor(events) {
    this.events = events;
    this.panels = [];
    this.marks = [];
    this.view = WHOLE;
    this.cursor = null;
    this.large = 0;
    this.blank = null;
    this.shown = true;
    this.drawing = new BoxDrawing(
      () => this.view,
      () => this.draw(),
      events.drawn,
    );
    this.grid = element("div", { class: "grid" });
    this.choice = element("div", { class: "modalities", role: "group", "aria-label": "Picture" });
    this.root = element("div", { class: "pictures" }, this.choice, this.grid);
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.grid);
  }

  /** @param {object[]} specs of panels @param {string} reason why there are none, where there are none */
  arrange(specs, reason) {
    this.showBlank(specs.length === 0, reason);
    while (this.panels.length > specs.length) this.panels.pop().close();
    specs.forEach((spec, i) => (this.panels[i] ? this.panels[i].update(spec) : this.add(spec, i)));
    this.choice.replaceChildren(...this.panels.map(({ spec }, i) => this.chooser(spec, i)));
    this.enlarge(Math.min(this.large, Math.max(specs.length - 1, 0)));
  }

  showBlank(shown, reason) {
    if (shown && this.blank) this.blank.say(reason);
    if (shown === Boolean(this.blank)) return;
    this.blank?.close();
    this.blank = shown ? new Blank(reason) : null;
    if (!shown) return;
    this.listen(this.blank.stage);
    this.grid.append(this.blank.root);
  }

  add(spec, index) {
    const panel = new Panel(spec, {
      onDraw: () => this.draw(),
      onPreset: this.events.preset,
      onEnlarge: () => this.enlarge(index),
    });
    this.listen(panel.stage);
    this.panels.push(panel);
    this.grid.append(panel.root);
  }

  chooser({ title }, index) {
    return element("button", { class: "tool", onclick: () => this.enlarge(index) }, title);
  }

  listen(stage) {
    this.drawing.listen(stage); // before the gestures: a drawn box moves no picture
    const at = (place) => (this.shown ? markAt(this.marks, place, this.view, stage.clientWidth) : null);
    listen(stage, {
      view: () => this.view,
      setView: (view) => this.setView(view),
      setCursor: (cursor) => {
        this.setCursor(cursor);
        this.events.hover(cursor ? (at(cursor)?.id ?? null) : null);
      },
      pin: (place) => this.events.pick(at(place)?.id ?? null),
    });
  }

  setView(view) {
    this.view = fitted(view);
    this.draw();
    this.events.moved();
  }

  zoom(steps) {
    this.setView(steps ? zoomed(this.view, ZOOM_STEP ** steps, 0.5, 0.5) : WHOLE);
  }

  pan(dx, dy) {
    this.setView(panned(this.view, dx * PAN_STEP, dy * PAN_STEP));
  }

  setCursor(cursor) {
    if (cursor) for (const panel of this.panels) panel.values.load(!this.cursor); // the readout needs them
    this.cursor = cursor;
    this.draw();
  }

  /** @param {number} index of the panel that gets the room */
  enlarge(index) {
    if (index >= this.panels.length) return;
    this.large = index;
    this.panels.forEach((panel, i) => panel.setEnlarged(i === index));
    [...this.choice.children].forEach((each, i) => each.setAttribute("aria-pressed", String(i === index)));
    this.draw();
  }

  /** @param {import("../../viewer/marks.js").Mark[]} marks over every picture */
  show(marks) {
    this.marks = marks;
    this.draw();
  }

  /** @param {boolean} shown whether marks are drawn at all */
  setShown(shown) {
    this.shown = shown;
    this.draw();
  }

  /** @param {boolean} covered whether what answers most questions, the reference map, is hidden */
  cover(covered) {
    this.root.classList.toggle("covered", covered);
  }

  /** Draw at the next frame, once, however many reasons there are. */
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      const marks = [...(this.shown ? this.marks : []), ...this.drawing.marks];
      const scene = { cursor: this.cursor, overlay: null, opacity: 1, pins: [], marks };
      for (const panel of this.blank ? [this.blank] : this.panels) panel.draw(this.view, scene);
      this.root.classList.toggle("zoomed", this.view.scale > 1);
      this.root.classList.toggle("drawing", this.drawing.active);
    });
  }

  /** Let go of pictures and requests. */
  close() {
    this.sizes.disconnect();
    cancelAnimationFrame(this.frame);
    for (const panel of this.panels) panel.close();
    this.blank?.close();
  }
}
