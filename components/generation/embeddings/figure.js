/** One picture of patches with its caption and legend: a picture of the API, a cut photograph, or a map of tokens. */

import { element } from "../../browser/dom.js";
import { ask } from "../../browser/requests.js";
import { drawLegend } from "../../viewer/legend.js";
import { parseNpy } from "../../viewer/npy.js";
import { tokenColour } from "../live/token_colours.js";
import { boxOf, cutStyle, patchAt } from "./patch_grid.js";

/**
 * @typedef {object} Given
 * @property {"picture" | "photo" | "tokens"} kind
 * @property {string} title
 * @property {string} about
 * @property {string} url of the picture, or of the tokens as .npy
 * @property {string} legend its address; empty for none
 * @property {string} [likeness] address of how alike its patches are, without `x` and `y`; empty where they can not be
 * @property {[number, number]} grid rows and columns of patches
 * @property {[number, number, number, number] | null} [cut] the part of a photograph that is shown
 * @property {number} [codes] of the vocabulary of tokens
 */

export class Figure {
  /**
   * @param {Given} given
   * @param {{onPoint: Function, onPick: Function, onKey: Function}} events
   */
  constructor(given, { onPoint, onPick, onKey }) {
    this.given = given;
    this.about = element("span", {}, given.about);
    this.picture = element(given.kind === "tokens" ? "canvas" : "img", { alt: "", draggable: "false" });
    if (given.kind !== "photo") this.picture.classList.add("crisp");
    if (given.cut) Object.assign(this.picture.style, { position: "absolute", ...cutStyle(given.cut) });
    this.cursor = element("i", { class: "cursor", hidden: true });
    this.chosen = element("i", { class: "chosen", hidden: true });
    this.legend = element("div", { class: "legend" });
    this.frame = element(
      "div",
      {
        class: "frame",
        tabindex: 0,
        role: "group",
        "aria-label": `${given.title}: patches; arrow keys move, Enter compares`,
        onpointermove: (event) => onPoint(this.#place(event)),
        onpointerleave: () => onPoint(null),
        onclick: (event) => onPick(this.#place(event)),
        onkeydown: (event) => onKey(event, this.given.grid),
        onblur: () => onPoint(null),
      },
      this.picture,
      this.chosen,
      this.cursor,
    );
    const caption = element("figcaption", {}, element("b", {}, given.title), this.about);
    this.root = element("figure", {}, caption, this.frame, this.legend);
    this.show(given);
  }

  /** @param {{url: string, legend: string}} what to show from now on */
  show({ url, legend }) {
    if (this.given.kind === "tokens") this.#showTokens(url);
    else if (url) this.picture.src = url;
    if (legend) this.#showLegend(legend);
  }

  /** A square over the patch at a place of the picture; none without. */
  point(place) {
    this.#put(this.cursor, place);
  }

  /** A square that stays. */
  mark(place) {
    this.#put(this.chosen, place);
  }

  /** Words beside the title. */
  say(words) {
    this.about.textContent = words;
  }

  #put(square, place) {
    square.hidden = !place;
    if (place) Object.assign(square.style, boxOf(patchAt(place, this.given.grid), this.given.grid));
  }

  #place(event) {
    const { left, top, width, height } = this.frame.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  }

  async #showLegend(address) {
    this.wanted = address;
    try {
      const legend = await (await ask(address)).json();
      if (this.wanted === address) drawLegend(this.legend, legend);
    } catch (error) {
      this.say(error.message);
    }
  }

  async #showTokens(address) {
    try {
      const { shape, values } = parseNpy(await (await ask(address)).arrayBuffer());
      const [rows, columns] = shape;
      Object.assign(this.picture, { width: columns, height: rows });
      const context = this.picture.getContext("2d");
      for (let i = 0; i < values.length; i += 1) {
        context.fillStyle = `rgb(${tokenColour(values[i], this.given.codes).join(" ")})`;
        context.fillRect(i % columns, Math.floor(i / columns), 1, 1);
      }
    } catch (error) {
      this.say(error.message);
    }
  }
}
