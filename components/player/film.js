/** The pictures in the order of their arrival; the oldest go, so that a shard of ten thousand fits a page. */

import { element, grouped } from "../browser/dom.js";

const MOST = 480; // pictures on the page: some thirty rows; a browser holds them in 50 MB
const AT_END_PX = 60; // so near to the end counts as following it

export class Film {
  /** @param {{onOpen: (id: string) => void, onPending: (count: number) => void, href: (id: string) => string}} events */
  constructor({ onOpen, onPending, href }) {
    this.events = { onOpen, onPending, href };
    this.pending = new Set(); // pictures that were asked for and are not there
    this.follows = true;
    this.grid = element("div", { class: "grid", role: "list", "aria-label": "Samples in the order of the shard" });
    this.strip = element(
      "div",
      { class: "film", tabindex: 0, role: "group", "aria-label": "Film", onscroll: () => this.#scrolled() },
      this.grid,
    );
    this.newest = element("button", { type: "button", class: "newest", onclick: () => this.toEnd() }, "Newest \u2193");
    this.newest.hidden = true;
    this.node = element("div", { class: "frame" }, this.strip, this.newest);
  }

  /** @param {any} sample data of its event */
  add(sample) {
    const place = placeOf(sample);
    const picture = element("img", { alt: `${sample.id}, ${place}`, decoding: "async", draggable: "false" });
    const card = element(
      "a",
      {
        class: "card",
        href: this.events.href(sample.id),
        title: `${sample.id}\n${place}\nOpen all its modalities`,
        "data-id": sample.id,
        "data-position": sample.position,
        onclick: (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
          event.preventDefault();
          this.events.onOpen(sample.id);
        },
      },
      element("span", { class: "picture" }, picture, sample.number && element("b", {}, grouped(sample.number))),
      element("span", { class: "place" }, place),
      element("span", { class: "id" }, `\u200e${sample.id}`),
    );
    this.#expect(picture, sample.url);
    this.#append(element("div", { role: "listitem" }, card));
  }

  /** @param {any} note data of its event */
  note(note) {
    this.#append(
      element(
        "div",
        { class: "card note", role: "listitem", title: note.message, "data-position": note.position },
        element("span", { class: "picture" }, element("span", {}, "Skipped")),
        element("span", { class: "reason" }, note.message),
      ),
    );
  }

  /** Begin with an empty strip. */
  clear() {
    for (const picture of this.pending) picture.removeAttribute("src");
    this.pending.clear();
    this.grid.replaceChildren();
    this.toEnd();
  }

  /** Show the newest, and go on following them. */
  toEnd() {
    this.follows = true;
    this.newest.hidden = true;
    this.strip.scrollTop = this.strip.scrollHeight;
  }

  #append(card) {
    this.grid.append(card);
    while (this.grid.childElementCount > MOST) this.grid.firstElementChild.remove();
    if (this.follows) this.strip.scrollTop = this.strip.scrollHeight;
  }

  #expect(picture, url) {
    const settled = (failed) => {
      this.pending.delete(picture);
      if (failed) picture.parentElement.classList.add("broken");
      this.events.onPending(this.pending.size);
    };
    this.pending.add(picture);
    picture.addEventListener("load", () => settled(false), { once: true });
    picture.addEventListener("error", () => settled(true), { once: true });
    picture.src = url;
    this.events.onPending(this.pending.size);
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.strip;
    this.follows = scrollHeight - scrollTop - clientHeight < AT_END_PX;
    this.newest.hidden = this.follows;
  }
}

/** @param {{country?: string, season?: string}} sample @returns {string} */
export function placeOf({ country, season }) {
  const known = [country, season === "Fall" ? "Autumn" : season].filter((word) => word && word !== "unknown");
  return known.join(" \u00b7 ") || "Place unknown";
}
