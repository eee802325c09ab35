/** What the API says of a patch's rows; the newest patch always wins. */

import { ask, isAbort, Latest } from "../../browser/requests.js";

export class Readings {
  #latest = new Latest();

  /** @param {() => void} onChange called after every change of state */
  constructor(onChange) {
    Object.assign(this, { onChange, url: null, items: null, error: null });
  }

  /** @param {string} url of the readings; the same one is not fetched again */
  from(url) {
    if (url !== this.url) this.load(url);
  }

  /** @param {string} [url] without one: once more */
  async load(url = this.url) {
    const signal = this.#latest.next();
    Object.assign(this, { url, items: null, error: null });
    this.onChange();
    try {
      const body = await (await ask(url, { signal })).json();
      if (signal.aborted) return;
      this.items = body.items;
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.error = error;
    }
    this.onChange();
  }

  /** Forget everything. */
  close() {
    this.#latest.cancel();
  }
}
