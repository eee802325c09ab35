/**
 * Thumbnails of the samples in view, and a card for the selected one.
 *
 * Every thumbnail is a real link to the Compare page, so that it can be opened in a new tab; a plain click goes through
 * Python instead, which keeps the session. Pointing at one rings its sample on the map.
 */

import { element, takesClick } from "../browser/dom.js";
import { pictureUrl, queryOf, thumbnailUrl } from "../browser/requests.js";
import { isDark } from "../map/theme.js";
import { pageBar } from "./page_bar.js";

const THUMBNAIL_PX = 160;
const STRIP_PX = 120;
const AGAIN_MS = [4000, 15_000]; // a line that was cut for a moment; who waits longer turns the page
const COPIED_MS = 1600;
const ANNOTATIONS = "annotations"; // the page, and the data set that it is about
const ANNOTATED = "bigearthnet";
const GENERATE = "generate"; // the page
const NAMES = ["terramesh", "bigearthnet"]; // data sets, where Python sends their numbers: a page has twelve of them

let sets = {}; // title, colours and revision by data set: Python sends them until the first map stands, and no more

class Gallery {
  constructor(root) {
    this.root = root;
    this.card = element("div", { class: "card-slot" });
    this.bar = element("div", { class: "bar" });
    this.grid = element("div", { class: "grid" });
    this.keys = "";
    root.append(this.card, this.bar, this.grid);
  }

  receive(data, events) {
    sets = { ...sets, ...data.sets }; // another page may have told of one of them alone
    this.data = data;
    this.events = events;
    this.#drawCard(data.card);
    this.#drawBar(data.pages);
    const keys = JSON.stringify([data.items, data.query]);
    if (keys === this.keys) return; // the same page: leave pictures and focus alone
    this.keys = keys;
    this.grid.replaceChildren(...data.items.map((item) => this.#thumbnail(item)));
    this.root.dataset.items = data.items.length;
  }

  #drawBar(pages) {
    const turn = (by) => this.events.trigger("turned", { by, last: this.data.last });
    this.bar.replaceChildren(...pageBar(pages, this.data.unit ?? "in view", turn));
  }

  #thumbnail([named, id, place, date, where, hasPicture = 1]) {
    const dataset = NAMES[named] ?? named;
    const set = sets[dataset];
    const picture =
      hasPicture > 0
        ? this.#framed(dataset, id)
        : noPicture(hasPicture < 0 ? "imagery not here" : "no optical picture");
    const pointAt = (detail) => globalThis.dispatchEvent(new CustomEvent("patchwork:point-at", { detail }));
    const link = element(
      "a",
      {
        class: "thumb",
        href: this.#link(dataset, id),
        title: `Open ${id}`,
        "data-id": id,
        "data-dataset": dataset,
        onclick: (event) => this.#open(event, dataset, id),
        onpointerenter: () => where && pointAt({ dataset, id, lon: where[0], lat: where[1] }),
        onpointerleave: () => pointAt(null),
      },
      picture,
      element("span", { class: "place" }, mark(set), element("span", {}, place)),
      element("span", { class: "id" }, element("bdi", { dir: "ltr" }, id)),
      element("span", { class: "date" }, date),
    );
    return link;
  }

  #drawCard(card) {
    const key = JSON.stringify([card, this.data.query]);
    if (key === this.cardKey) return;
    this.cardKey = key;
    if (!card) return this.card.replaceChildren();
    const close = element(
      "button",
      {
        type: "button",
        class: "close",
        "aria-label": "Close the card",
        onclick: () => this.events.trigger("closed", { id: card.id }),
      },
      "\u00d7",
    );
    if (card.problem)
      return this.card.replaceChildren(
        element("section", { class: "card" }, close, element("p", { class: "problem" }, card.problem)),
      );
    const set = sets[card.dataset];
    if (!set) return this.card.replaceChildren();
    const strip = element(
      "div",
      { class: "strip" },
      ...card.strip.map((modality) => this.#stripPicture(card, modality)),
    );
    const facts = element(
      "dl",
      {},
      ...card.facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
    );
    const open = element(
      "a",
      {
        class: "primary",
        href: this.#link(card.dataset, card.id),
        onclick: (event) => this.#open(event, card.dataset, card.id),
      },
      "Open in Compare",
    );
    const read = card.dataset === ANNOTATED && {
      class: "secondary",
      href: `${ANNOTATIONS}${queryOf("view=read", `sample=${encodeURIComponent(card.id)}`, this.data.query)}`,
      title: "What BigEarthNet.txt says about this patch",
      onclick: (event) => this.#open(event, card.dataset, card.id, ANNOTATIONS),
    };
    const generate = {
      class: "secondary",
      href: `${GENERATE}${queryOf(`dataset=${card.dataset}`, `sample=${encodeURIComponent(card.id)}`, this.data.query)}`,
      title: "Let TerraMind imagine a modality of this sample from the others",
      onclick: (event) => this.#open(event, card.dataset, card.id, GENERATE),
    };
    const copy = element("button", { type: "button", class: "secondary", onclick: () => copyLink(copy) }, "Copy link");
    this.card.replaceChildren(
      element(
        "section",
        { class: "card", "data-id": card.id },
        close,
        element("h3", { title: card.id }, mark(set), card.title),
        strip,
        facts,
        element(
          "div",
          { class: "actions" },
          open,
          card.strip.length > 0 && element("a", generate, "Generate"),
          read && element("a", read, "Annotations"),
          copy,
        ),
      ),
    );
    return undefined;
  }

  /** A sample has some of these modalities; what it lacks leaves no gap. */
  #stripPicture({ dataset, id }, modality) {
    const [first, preset] = sets[dataset].picture;
    const address = chipAddress(dataset, id, modality, modality === first ? preset : "", STRIP_PX);
    const figure = element(
      "figure",
      {},
      this.#image(address, STRIP_PX, () => figure.remove()),
      element("figcaption", {}, modality.replace("_", " ")),
    );
    return figure;
  }

  #image(address, size, onMissing) {
    const image = element("img", {
      alt: "",
      loading: "lazy",
      decoding: "async",
      width: size,
      height: size,
      src: address,
    });
    image.addEventListener("load", () => image.classList.add("ready"));
    image.addEventListener("error", () => onMissing?.());
    return image;
  }

  /** A thumbnail over the word that tells what it waits for; a far server that fails is asked again after a pause. */
  #framed(dataset, id) {
    const address = thumbnailAddress(dataset, id);
    const pauses = sets[dataset].far ? [...AGAIN_MS] : [];
    const image = this.#image(address, THUMBNAIL_PX, () => {
      if (!pauses.length) return frame.replaceWith(noPicture("no picture"));
      return setTimeout(() => {
        if (image.isConnected) image.src = address;
      }, pauses.shift());
    });
    const frame = element("span", { class: "frame" }, element("span", { class: "wait" }, "fetching \u2026"), image);
    return frame;
  }

  /** Where a thumbnail leads: to the Compare page, or to that of the page's own on which there is one data set alone. */
  #link(dataset, id) {
    const sample = `sample=${encodeURIComponent(id)}`;
    const { page, query } = this.data;
    return page ? `${page}${queryOf(sample, query)}` : `compare${queryOf(`dataset=${dataset}`, sample, query)}`;
  }

  #open(event, dataset, id, page) {
    if (takesClick(event)) this.events.trigger("opened", { dataset, id, page });
  }
}

/** A chip at twice its size on the page, for screens of two pixels per pixel. */
function chipAddress(dataset, id, modality, preset, size) {
  return pictureUrl(dataset, id, modality, { preset, size: 2 * size, revision: sets[dataset].revision });
}

/** Of far collections the small one: drawing a chip would fetch a member of 600 kB, twelve times a page. */
function thumbnailAddress(dataset, id) {
  const { far, picture, revision } = sets[dataset];
  return far ? thumbnailUrl(dataset, id, revision) : chipAddress(dataset, id, ...picture, THUMBNAIL_PX);
}

function mark({ title, colours: [light, dark] }) {
  const dot = element("i", { class: "mark", title });
  dot.style.setProperty("--light", light);
  dot.style.setProperty("--dark", dark);
  return dot;
}

function noPicture(text) {
  return element("span", { class: "no-picture" }, text);
}

async function copyLink(button) {
  try {
    await navigator.clipboard.writeText(globalThis.location.href);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Copy it from the address bar"; // browsers refuse the clipboard on plain http
  }
  setTimeout(() => {
    button.textContent = "Copy link";
  }, COPIED_MS);
}

const galleries = new WeakMap(); // the component's root -> its gallery

/**
 * Streamlit calls this on mounting and whenever data or theme change.
 * @param {{data: Record<string, any>, parentElement: ParentNode, setTriggerValue: Function}} component
 */
export default function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".results");
  if (!galleries.has(parentElement)) galleries.set(parentElement, new Gallery(root));
  galleries.get(parentElement).receive(data, { trigger: setTriggerValue });
  root.classList.toggle("dark", isDark(root));
}
