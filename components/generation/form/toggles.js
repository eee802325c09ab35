/**
 * Inputs and outputs as pictures: a click switches one on or off. What can not be chosen says why.
 *
 * The square that the model sees is drawn on every picture of the sample.
 */

import { element, svg } from "../../browser/dom.js";
import { lasting } from "../../browser/lasting.js";
import { pictureUrl } from "../../browser/requests.js";
import { chosenOf, switched } from "./choosing.js";

const PICTURE_PX = 192; // of a card, for screens of two pixels per pixel
const COORDINATES = "coordinates";
const SIDES = [
  ["inputs", "From", "what TerraMind is given"],
  ["outputs", "To", "what it imagines"],
];

class Toggles {
  constructor(parent) {
    this.root = parent.querySelector(".toggles");
    this.lists = {};
    const sides = SIDES.map(([side, title, about]) => {
      this.lists[side] = element("div", { class: "cards", role: "group", "aria-label": title });
      const heading = element("h3", {}, title, element("small", {}, about));
      return element("section", { "data-side": side }, heading, this.lists[side]);
    });
    this.root.replaceChildren(sides[0], arrow(), sides[1]);
  }

  update({ data, setTriggerValue }) {
    this.tell = setTriggerValue;
    const key = JSON.stringify(data);
    if (key === this.key) return;
    this.key = key;
    this.data = data;
    this.choice = chosenOf(data);
    for (const [side] of SIDES) this.#fill(side);
    this.#press();
    this.root.dataset.ready = "yes";
  }

  /** Pictures stay where they are of the same sample: only what changed is built anew. */
  #fill(side) {
    const list = this.lists[side];
    const focused = this.root.getRootNode().activeElement?.dataset.name;
    list.replaceChildren(...this.data[side].map((card) => this.#card(side, card)));
    if (focused) list.querySelector(`[data-name="${focused}"]:focus-visible`)?.focus();
  }

  #card(side, card) {
    const judged = side === "outputs" && card.source && !card.why;
    return element(
      "button",
      {
        type: "button",
        class: "card",
        "data-name": card.name,
        disabled: Boolean(card.why),
        title: card.why ? `${card.title}: ${card.why}` : card.about,
        onclick: () => this.#switch(side, card.name),
      },
      this.#picture(side, card),
      element("span", { class: "title" }, card.title),
      element(
        "span",
        { class: "about" },
        card.why || (judged ? "can be judged" : side === "outputs" ? "new" : card.about),
      ),
    );
  }

  #picture(side, card) {
    const { sample, presets, place, window } = this.data;
    const frame = element("span", { class: "frame" });
    if (card.name === COORDINATES) frame.append(element("span", { class: "place" }, side === "inputs" ? place : "?"));
    else if (card.source) {
      const preset = presets[card.source] ?? "";
      const look = { preset, size: PICTURE_PX, revision: sample.revision };
      const src = pictureUrl(sample.dataset, sample.id, card.source, look);
      frame.append(element("img", { src, alt: "", loading: "lazy", decoding: "async" }), ...window.map(boxOf(window)));
    } else frame.classList.add("bare");
    return frame;
  }

  #switch(side, name) {
    this.choice = switched(this.choice, side, name, this.data.exclusive);
    this.#press();
    this.tell("chosen", { ...this.choice, moment: Date.now() });
  }

  #press() {
    for (const [side] of SIDES)
      for (const card of this.lists[side].children)
        card.setAttribute("aria-pressed", String(this.choice[side].includes(card.dataset.name)));
  }

  close() {
    this.root.replaceChildren();
  }
}

/** One square leaves the rest of the picture dark; of several, the edges are drawn. */
function boxOf(all) {
  return ([left, top, width, height]) => {
    const box = element("i", { class: all.length > 1 ? "tile" : "window" });
    Object.assign(box.style, { left: part(left), top: part(top), width: part(width), height: part(height) });
    return box;
  };
}

function part(value) {
  return `${(100 * value).toFixed(2)}%`;
}

function arrow() {
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: "arrow", "aria-hidden": "true" },
    svg("path", { d: "M3 12h17M14 6l6 6-6 6" }),
  );
}

export default lasting(Toggles);
