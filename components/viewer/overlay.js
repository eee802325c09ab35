/** The cloud mask that lies over every panel. */

import { Chip } from "./chip.js";

export class Overlay {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.chip = new Chip(onChange);
    this.opacity = 1;
  }

  /** @param {{picture: string, opacity: number} | null} spec null where the mask is off */
  show(spec) {
    this.opacity = spec?.opacity ?? 1;
    if (spec?.picture === this.url) return;
    this.url = spec?.picture;
    this.chip.close(); // another sample's clouds must not lie over this one
    if (spec) this.chip.load(spec.picture, null);
  }

  /** @returns {ImageBitmap | null} */
  get picture() {
    return this.chip.picture;
  }

  /** @returns {string} why there is none though it is wanted; empty otherwise */
  get problem() {
    return this.chip.error ? `Cloud mask: ${this.chip.error.message}` : "";
  }

  /** Let go of the picture. */
  close() {
    this.chip.close();
  }
}
