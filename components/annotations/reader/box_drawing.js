/** A box that the user draws on a picture, to be compared with the one of the data set. */

import { placeAt } from "../../viewer/view.js";

const COLOUR = "#ffffff";
const LEAST = 0.005; // of the patch: a click is no box

export class BoxDrawing {
  /**
   * @param {() => import("../../viewer/view.js").View} view
   * @param {() => void} changed the box under the hand is another one
   * @param {(box: number[]) => void} done
   */
  constructor(view, changed, done) {
    Object.assign(this, { view, changed, done, active: false, from: null, to: null });
  }

  /** Wait for a box. */
  start() {
    Object.assign(this, { active: true, from: null, to: null });
    this.changed();
  }

  /** Wait no longer. */
  stop() {
    Object.assign(this, { active: false, from: null, to: null });
    this.changed();
  }

  /** @returns {import("../../viewer/marks.js").Mark[]} the box under the hand */
  get marks() {
    return this.from && this.to ? [drawnMark(boxBetween(this.from, this.to))] : [];
  }

  /** @param {HTMLElement} stage while a box is waited for, its pointer belongs to the box */
  listen(stage) {
    const place = (event) => {
      const { left, top, width, height } = stage.getBoundingClientRect();
      return placeAt(this.view(), (event.clientX - left) / width, (event.clientY - top) / height);
    };
    const take = (event, run) => {
      if (!this.active) return;
      event.stopImmediatePropagation();
      run();
      this.changed();
    };
    const on = (name, run) => stage.addEventListener(name, (event) => take(event, () => run(event)), { capture: true });
    on("pointerdown", (event) => {
      stage.setPointerCapture(event.pointerId);
      this.from = this.to = place(event);
    });
    on("pointermove", (event) => {
      if (this.from) this.to = place(event);
    });
    on("pointerup", () => {
      const box = this.from && boxBetween(this.from, this.to);
      this.from = this.to = null;
      if (box && box[2] - box[0] > LEAST && box[3] - box[1] > LEAST) {
        this.active = false;
        this.done(box);
      }
    });
    on("pointercancel", () => {
      this.from = this.to = null;
    });
  }
}

/**
 * @param {import("../../viewer/view.js").Place} one
 * @param {import("../../viewer/view.js").Place} other
 * @returns {number[]} left, top, right, bottom, within the patch
 */
export function boxBetween(one, other) {
  const within = (value) => Math.min(Math.max(value, 0), 1);
  const [left, right] = [within(one.u), within(other.u)].toSorted((a, b) => a - b);
  const [top, bottom] = [within(one.v), within(other.v)].toSorted((a, b) => a - b);
  return [left, top, right, bottom];
}

/** @param {number[]} box @returns {import("../../viewer/marks.js").Mark} how a box of the user looks */
export function drawnMark(box) {
  return { id: -1, label: "you", colour: COLOUR, box, point: null, look: "plain", dashed: true };
}
