/**
 * Pictures in place: the chosen modality of every sample in view, laid on its four true corners.
 *
 * They appear once a chip is large enough on the screen to show anything, at most as many as the API gives footprints
 * for. A sample without the chosen modality is drawn as an empty frame.
 */

import { ask, isAbort, Latest, pictureUrl, queryOf } from "../browser/requests.js";
import { bboxText, boundsOf, metresPerPixel } from "./mercator.js";
import { insideRing } from "./picking.js";

export const CHIP_LIMIT = 64; // what one footprints request answers, and enough to fill a screen
const SMALLEST_CHIP_PX = 28; // below that a picture is a coloured dot
const LARGEST_PICTURE_PX = 512;
const KEPT_PICTURES = 256; // about 70 MB of pixels at 264 px, a few screens' worth of panning back and forth

/**
 * @typedef {object} Footprint
 * @property {string} id
 * @property {Array<[number, number]>} corners upper left, upper right, lower right, lower left
 * @property {string[]} modalities
 *
 * @typedef {object} ChipStyle
 * @property {string} query the filter
 * @property {string} modality
 * @property {string} preset
 * @property {string[]} from any of these modalities of a sample is enough to draw it
 * @property {string} revision of the collection
 * @property {number} metres edge length of a chip
 * @property {boolean} cloudMask whether to lay the cloud mask over it
 */

/** Footprints and pictures of one data set. */
export class ChipStore {
  #latest = new Latest();
  #asked = "";
  #pictures = new Map(); // address -> ImageBitmap, or null while loading or after a failure; least recently used first
  #closing = new AbortController();

  /** @param {string} dataset @param {(event: {error?: Error}) => void} onChange */
  constructor(dataset, onChange) {
    this.dataset = dataset;
    this.onChange = onChange;
    /** @type {Footprint[]} */
    this.footprints = [];
  }

  /**
   * Ask for the footprints in view where chips are large enough, and forget them where not.
   * @param {ChipStyle} style
   * @param {import('./mercator.js').View} view
   */
  async update(style, view) {
    if (style.metres / metresPerPixel(view.latitude, view.zoom) < SMALLEST_CHIP_PX) return this.clear();
    const query = queryOf(style.query, `bbox=${bboxText(boundsOf(view))}`, `limit=${CHIP_LIMIT}`);
    const asked = `${style.revision} ${query}`; // a collection that was opened anew may have other samples
    if (asked === this.#asked) return undefined;
    this.#asked = asked;
    try {
      const response = await ask(`/api/${this.dataset}/footprints${query}`, { signal: this.#latest.next() });
      this.footprints = (await response.json()).items.filter(({ corners }) => corners);
      this.onChange({});
    } catch (error) {
      if (isAbort(error)) return undefined;
      this.#asked = "";
      this.footprints = [];
      this.onChange(error.code === "too_large" ? {} : { error });
    }
    return undefined;
  }

  /** Forget the footprints in view; pictures are kept for the way back. */
  clear() {
    this.#latest.cancel();
    this.#asked = "";
    if (!this.footprints.length) return;
    this.footprints = [];
    this.onChange({});
  }

  /**
   * Layers to draw now; pictures that are not here yet are asked for and drawn when they arrive.
   * @param {Record<string, any>} deck deck.gl's classes
   * @param {ChipStyle} style
   * @param {{opacity: number, frame: number[]}} look
   * @returns {any[]}
   */
  layers(deck, style, { opacity, frame }) {
    const shown = this.footprints.filter((footprint) => hasModality(footprint, style.from));
    const missing = this.footprints.filter((footprint) => !hasModality(footprint, style.from));
    const layers = shown.map((footprint) =>
      this.#bitmap(deck, footprint, this.#address(footprint, style), "chip", opacity),
    );
    if (style.cloudMask) {
      const masked = shown.filter(({ modalities }) => modalities.includes("cloud_mask"));
      const address = (footprint) => this.#address(footprint, { ...style, modality: "cloud_mask", preset: "" });
      layers.push(...masked.map((footprint) => this.#bitmap(deck, footprint, address(footprint), "mask", opacity)));
    }
    return [...layers.filter(Boolean), this.#frames(deck, missing, frame)];
  }

  /**
   * The footprint under a place; of several, the one that is drawn on top.
   * @param {number} longitude
   * @param {number} latitude
   * @returns {Footprint | null}
   */
  at(longitude, latitude) {
    return this.footprints.findLast(({ corners }) => insideRing(corners, longitude, latitude)) ?? null;
  }

  /** Let pictures that failed be asked for again. */
  retry() {
    this.#asked = "";
    for (const [address, picture] of this.#pictures) if (!picture) this.#pictures.delete(address);
  }

  /** Cancel what is under way and give the pictures' memory back; nothing is drawn after this. */
  stop() {
    this.#closing.abort();
    this.#latest.cancel();
    this.footprints = [];
    for (const picture of this.#pictures.values()) picture?.close();
    this.#pictures.clear();
  }

  #address({ id }, { modality, preset, revision }) {
    return pictureUrl(this.dataset, id, modality, { preset, size: LARGEST_PICTURE_PX, revision });
  }

  #bitmap(deck, { id, corners }, address, kind, opacity) {
    const image = this.#picture(address);
    if (!image) return null;
    const [upperLeft, upperRight, lowerRight, lowerLeft] = corners;
    return new deck.BitmapLayer({
      id: `${kind}-${this.dataset}-${id}`,
      image,
      bounds: [lowerLeft, upperLeft, upperRight, lowerRight], // deck.gl's order
      opacity,
      textureParameters: { magFilter: "nearest" }, // pixels stay pixels when zoomed in
    });
  }

  #frames(deck, footprints, colour) {
    return new deck.PolygonLayer({
      id: `frames-${this.dataset}`,
      data: footprints,
      getPolygon: ({ corners }) => corners,
      filled: true,
      stroked: true,
      getFillColor: [colour[0], colour[1], colour[2], 18],
      getLineColor: colour,
      getLineWidth: 1.5,
      lineWidthUnits: "pixels",
    });
  }

  #picture(address) {
    const known = this.#pictures.get(address);
    if (known) {
      this.#pictures.delete(address); // and in again at the end, as the one used last
      this.#pictures.set(address, known);
    }
    if (known !== undefined) return known;
    this.#pictures.set(address, null);
    this.#load(address);
    return null;
  }

  async #load(address) {
    try {
      const response = await ask(address, { signal: this.#closing.signal });
      const picture = await createImageBitmap(await response.blob());
      if (this.#closing.signal.aborted) return picture.close();
      this.#pictures.delete(address);
      this.#pictures.set(address, picture);
      this.#evict();
      this.onChange({});
    } catch (error) {
      if (!isAbort(error)) this.onChange({ error });
    }
    return undefined;
  }

  #evict() {
    for (const [address, picture] of this.#pictures) {
      if (this.#pictures.size <= KEPT_PICTURES) return;
      this.#pictures.delete(address);
      picture?.close();
    }
  }
}

/** @param {Footprint} footprint @param {string[]} from @returns {boolean} whether the sample has what a layer needs */
export function hasModality({ modalities }, from) {
  return from.some((name) => modalities.includes(name));
}
