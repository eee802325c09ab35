/** The card beside the pointer: which sample, where, when, and a thumbnail. */

import { ask, isAbort, Latest, pictureUrl, sampleUrl, thumbnailUrl } from "../browser/requests.js";
import { element } from "../browser/dom.js";

const DWELL_MS = 120; // a pointer passing by asks for nothing
const THUMBNAIL_PX = 132;
const OFFSET_PX = 16; // from the pointer
const CARD_WIDTH_PX = 164;
const CARD_HEIGHT_PX = 214;

/**
 * @typedef {object} Hovered
 * @property {string} dataset
 * @property {string} datasetTitle
 * @property {string} id
 * @property {string} place
 * @property {string} note said instead of the place where something is missing
 * @property {{modality: string, preset: string} | null} picture what is drawn; null for the thumbnail made beforehand
 * @property {string} revision
 */

/** The hover card of one map. */
export class HoverCard {
  #latest = new Latest();
  #timer = 0;
  #shown = "";
  #dates = new Map();

  /** @param {HTMLElement} container of the map */
  constructor(container) {
    this.container = container;
    this.picture = element("img", { alt: "", width: THUMBNAIL_PX, height: THUMBNAIL_PX });
    this.picture.addEventListener("load", () => this.picture.classList.add("ready"));
    this.title = element("strong");
    this.place = element("span");
    this.date = element("span", { class: "date" });
    this.node = element(
      "div",
      { class: "hover-card", hidden: true, role: "tooltip" },
      this.picture,
      this.title,
      this.place,
      this.date,
    );
    container.append(this.node);
  }

  /**
   * @param {Hovered | null} hovered
   * @param {[number, number]} position of the pointer on the map
   */
  show(hovered, position) {
    if (!hovered) return this.hide();
    this.#place(position);
    const key = `${hovered.dataset}/${hovered.id}`;
    if (key === this.#shown) return undefined;
    this.#shown = key;
    this.node.dataset.dataset = hovered.dataset;
    this.title.textContent = hovered.id;
    this.place.textContent = hovered.note || hovered.place || hovered.datasetTitle;
    this.date.textContent = this.#dates.get(key) ?? "";
    this.picture.classList.remove("ready");
    this.picture.removeAttribute("src");
    this.node.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fill(hovered, key), DWELL_MS);
    return undefined;
  }

  /** Take the card away. */
  hide() {
    clearTimeout(this.#timer);
    this.#latest.cancel();
    this.#shown = "";
    this.node.hidden = true;
  }

  async #fill({ dataset, id, picture, revision }, key) {
    this.picture.src = picture
      ? pictureUrl(dataset, id, picture.modality, { preset: picture.preset, size: 2 * THUMBNAIL_PX, revision })
      : thumbnailUrl(dataset, id, revision);
    if (this.#dates.has(key)) return;
    try {
      const record = await (await ask(sampleUrl(dataset, id), { signal: this.#latest.next() })).json();
      const time = record.properties?.time ?? record.modalities?.find((each) => each.time)?.time ?? "";
      this.#dates.set(key, String(time).slice(0, 10));
      if (this.#shown === key) this.date.textContent = this.#dates.get(key);
    } catch (error) {
      if (!isAbort(error)) this.date.textContent = ""; // the card stays useful without a date; a click tells why
    }
  }

  #place([x, y]) {
    const { clientWidth, clientHeight } = this.container;
    const left = x + OFFSET_PX + CARD_WIDTH_PX > clientWidth ? x - OFFSET_PX - CARD_WIDTH_PX : x + OFFSET_PX;
    const top = Math.min(Math.max(8, y - CARD_HEIGHT_PX / 2), Math.max(8, clientHeight - CARD_HEIGHT_PX - 8));
    this.node.style.transform = `translate(${Math.round(Math.max(4, left))}px, ${Math.round(top)}px)`;
  }
}
