/** Telling Python how the reader is arranged, once the hand rests: the page's address follows. */

import { debounce } from "../../browser/requests.js";
import { viewToText } from "../../viewer/view.js";

const QUIET_MS = 400;

export class Reporter {
  /** @param {(report: object) => void} send */
  constructor(send) {
    this.later = debounce((reader) => send(reportOf(reader)), QUIET_MS);
  }

  /** @param {object} reader what it shows is read when the report goes out */
  soon(reader) {
    this.later(reader);
  }

  /** Report nothing. */
  stop() {
    this.later.cancel();
  }
}

/** The sample goes with it, since Streamlit keeps the report when another one is shown. */
function reportOf({ data, pictures, rows, pinned }) {
  return { sample: data.sample, view: viewToText(pictures.view), row: rows[pinned]?.ID ?? null };
}
