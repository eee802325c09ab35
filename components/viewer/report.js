/** Telling Python how the viewer is arranged, once the hand rests: the page's address follows. */

import { pinsToText } from "./pins.js";
import { viewToText } from "./view.js";

const QUIET_MS = 400;

export class Reporter {
  #timer = 0;

  /** @param {(report: object) => void} send */
  constructor(send) {
    this.send = send;
  }

  /**
   * Report later; what is reported is read then.
   * @param {{data: {sample: string}, view: import("./view.js").View, pins: object[], pairText: string}} viewer the sample
   *   goes with it, since Streamlit keeps the report when another sample is shown
   */
  soon(viewer) {
    this.stop();
    this.#timer = setTimeout(() => {
      const {
        data: { sample },
        view,
        pins,
        pairText: pair,
      } = viewer;
      this.send({ sample, moment: Date.now(), view: viewToText(view), pins: pinsToText(pins), pair });
    }, QUIET_MS);
  }

  /** Report nothing. */
  stop() {
    clearTimeout(this.#timer);
  }
}
