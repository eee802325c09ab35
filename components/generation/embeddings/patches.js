/**
 * Pictures of patches side by side: a square follows the pointer in all of them, and a click compares every patch with
 * the one under it. Entry point of the Streamlit component; it reports nothing.
 */

import { element } from "../../browser/dom.js";
import { lasting } from "../../browser/lasting.js";
import { ask } from "../../browser/requests.js";
import { Figure } from "./figure.js";
import { middleOf, patchAt, stepped } from "./patch_grid.js";

const BEGIN = { x: 0.5, y: 0.5 }; // compared with before anybody has clicked

class Patches {
  constructor(parent) {
    this.root = parent.querySelector(".patches");
    this.row = element("div", { class: "figures" });
    this.words = element("p", { class: "words" });
    this.likenesses = element("div", { class: "figures" });
    this.root.replaceChildren(this.row, this.words, this.likenesses);
    this.picked = BEGIN;
    this.figures = [];
    this.pairs = [];
  }

  update({ data }) {
    const key = JSON.stringify(data);
    if (key === this.key) return;
    this.key = key;
    this.figures = data.figures.map((given) => new Figure(given, this.#events()));
    this.row.replaceChildren(...this.figures.map(({ root }) => root));
    this.pairs = this.figures.filter(({ given }) => given.likeness).map((figure) => this.#pair(figure));
    const lead = this.figures.findIndex(({ given }) => given.likeness); // each stands below its own picture
    const spaces = Array.from({ length: Math.max(lead, 0) }, () => element("div", { class: "space" }));
    this.likenesses.replaceChildren(...spaces, ...this.pairs.map(({ shown }) => shown.root));
    this.words.textContent = this.pairs.length ? data.likeness : "";
    if (this.pairs.length) this.#pick(this.picked);
    this.root.dataset.ready = "yes";
  }

  #events() {
    return {
      onPoint: (place) => this.#point(place),
      onPick: (place) => this.#pick(place),
      onKey: (event, grid) => this.#key(event, grid),
    };
  }

  /** A figure, and the one that shows how alike its patches are. */
  #pair(figure) {
    const { title, grid } = figure.given;
    const shown = new Figure({ kind: "picture", title, about: "", grid, url: "", legend: "" }, this.#events());
    return { figure, shown, values: null };
  }

  #point(place) {
    const all = [...this.figures, ...this.pairs.map(({ shown }) => shown)];
    for (const figure of all) figure.point(place);
    for (const pair of this.pairs) this.#read(pair, place);
  }

  #key(event, grid) {
    const further = stepped(this.at ?? this.picked, event.key, grid);
    if (further) {
      this.at = further;
      this.#point(further);
    } else if (event.key === "Enter" || event.key === " ") this.#pick(this.at ?? this.picked);
    else return;
    event.preventDefault();
  }

  #pick(place) {
    this.at = place;
    this.picked = place;
    for (const figure of this.figures) figure.mark(place);
    for (const pair of this.pairs) this.#compare(pair, place);
  }

  async #compare(pair, place) {
    const { grid, likeness } = pair.figure.given;
    const { x, y } = patchAt(place, grid);
    const query = `${likeness.includes("?") ? "&" : "?"}x=${x}&y=${y}`;
    const at = (rest) => likeness.replace(/(\?|$)/, `${rest}$1`) + query;
    pair.shown.show({ url: at(".webp"), legend: at("/legend") });
    pair.shown.mark(middleOf({ x, y }, grid));
    pair.asked?.abort();
    pair.asked = new AbortController();
    pair.values = null;
    try {
      const answer = await ask(at(""), { signal: pair.asked.signal });
      pair.values = (await answer.json()).values;
      this.#read(pair, place);
    } catch (error) {
      if (error.name !== "AbortError") pair.shown.say(error.message);
    }
  }

  /** The number under the pointer. */
  #read(pair, place) {
    const { x, y } = patchAt(place ?? this.picked, pair.figure.given.grid);
    const value = pair.values?.[y]?.[x];
    pair.shown.say(value === undefined ? "" : `cosine ${value.toFixed(2)}`);
  }

  close() {
    for (const { asked } of this.pairs) asked?.abort();
    this.root.replaceChildren();
  }
}

export default lasting(Patches);
