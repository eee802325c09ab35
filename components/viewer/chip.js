/** What a panel fetches: a picture with its legend, and the values behind it. The newest request always wins. */

import { ask, isAbort, Latest } from "../browser/requests.js";
import { cutArray, cutPicture } from "./cut.js";
import { parseNpy } from "./npy.js";

/** A picture and its legend; both change together, so that no legend ever explains another picture. */
export class Chip {
  #latest = new Latest();

  /** @param {() => void} onChange called after every change of state */
  constructor(onChange) {
    this.onChange = onChange;
    this.picture = null; // ImageBitmap
    this.legend = null;
    this.error = null;
    this.loading = false;
  }

  /**
   * Load another picture; the one before stays until the new one is there.
   * @param {string} pictureUrl
   * @param {string | null} legendUrl null where no legend is wanted
   * @param {import("./cut.js").Cut | null} [cut] the part of the picture that is shown; all of it without
   */
  async load(pictureUrl, legendUrl, cut) {
    const signal = this.#latest.next();
    this.loading = true;
    this.error = null;
    this.onChange();
    try {
      const [picture, legend] = await Promise.all([
        bitmap(pictureUrl, signal, cut),
        legendUrl ? ask(legendUrl, { signal }).then((response) => response.json()) : null,
      ]);
      if (signal.aborted) return picture.close(); // decoding can not be aborted: the user moved on meanwhile
      this.#show(picture, legend, null);
    } catch (error) {
      if (!isAbort(error) && !signal.aborted) this.#show(null, null, error);
    }
  }

  #show(picture, legend, error) {
    this.picture?.close(); // graphics memory, which the garbage collector frees late
    Object.assign(this, { picture, legend, error, loading: false });
    this.onChange();
  }

  /** Forget everything. */
  close() {
    this.#latest.cancel();
    this.picture?.close();
    Object.assign(this, { picture: null, legend: null, error: null, loading: false });
  }
}

async function bitmap(url, signal, cut) {
  const response = await ask(url, { signal });
  return cutPicture(await createImageBitmap(await response.blob()), cut);
}

/** The arrays behind a panel; fetched once somebody asks for them. */
export class Values {
  #latest = new Latest();

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.sources = [];
    this.arrays = null;
    this.error = null;
    this.loading = false;
  }

  /** @param {{url: string, bands: string[], cut?: number[] | null}[]} sources other ones make the arrays go */
  from(sources) {
    if (JSON.stringify(sources) === JSON.stringify(this.sources)) return;
    this.#latest.cancel();
    Object.assign(this, { sources, arrays: null, error: null, loading: false });
  }

  /**
   * Fetch what is missing.
   * @param {boolean} [again] also after a failure: not with every move of the mouse, or a failing server gets no rest
   */
  async load(again = false) {
    if (this.arrays || this.loading || (this.error && !again)) return;
    const signal = this.#latest.next();
    this.loading = true;
    this.error = null;
    try {
      const arrays = await Promise.all(this.sources.map((source) => fetchArray(source, signal)));
      if (signal.aborted) return;
      this.arrays = arrays;
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.error = error;
    }
    this.loading = false;
    this.onChange();
  }

  /** Forget everything. */
  close() {
    this.from([]);
  }
}

async function fetchArray({ url, bands, cut }, signal) {
  const response = await ask(url, { signal });
  return { ...cutArray(parseNpy(await response.arrayBuffer()), cut), bands };
}
