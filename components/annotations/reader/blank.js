/** What stands for the pictures where there are none: an empty frame, so that boxes and points are seen all the same. */

import { element } from "../../browser/dom.js";
import { cleared } from "../../viewer/canvas.js";
import { drawMarks } from "../../viewer/marks.js";
import { pointOf } from "../../viewer/view.js";

const LINES = 10; // the frame's grid, in tenths of the patch: the texts give places in hundredths
const GREY = "rgba(128, 134, 142, 0.28)";

/** Moves and draws like a panel of the viewer, without a picture. */
export class Blank {
  /** @param {string} reason why there is no picture */
  constructor(reason) {
    this.canvas = element("canvas", { role: "img", "aria-label": "An empty frame for boxes and points" });
    this.stage = element("div", { class: "stage", tabindex: 0, "aria-label": "Empty frame" }, this.canvas);
    this.text = element("p", { class: "blank-reason" });
    const heading = element("figcaption", {}, element("span", { class: "name" }, "No pictures"));
    this.root = element("figure", { class: "panel", "data-modality": "none" }, heading, this.text, this.stage);
    this.say(reason);
  }

  /** @param {string} reason */
  say(reason) {
    this.text.textContent = reason;
  }

  /**
   * @param {import("../../viewer/view.js").View} view
   * @param {{marks: import("../../viewer/marks.js").Mark[]}} scene
   */
  draw(view, { marks }) {
    const canvas = cleared(this.canvas, this.stage.clientWidth);
    const { context, size, ratio } = canvas;
    context.strokeStyle = GREY;
    context.lineWidth = ratio;
    context.beginPath();
    for (let i = 0; i <= LINES; i++) {
      const { px, py } = pointOf(view, { u: i / LINES, v: i / LINES });
      context.moveTo(px * size, 0);
      context.lineTo(px * size, size);
      context.moveTo(0, py * size);
      context.lineTo(size, py * size);
    }
    context.stroke();
    drawMarks(canvas, view, marks);
  }

  /** Nothing to wait for, nothing to enlarge: what a panel of the viewer has. */
  setEnlarged() {}

  /** Leave the page. */
  close() {
    this.root.remove();
  }
}
