/** What the pointer is on: the hover card, the ring around a sample, and clicks. */

import { HoverCard } from "./hover_card.js";
import { hasModality } from "./chips.js";
import { nearestPoint } from "./picking.js";
import { wrapLongitude } from "./mercator.js";

const HIT_PX = 9; // mouse
const HIT_TOUCH_PX = 22; // finger
const POINT_AT = "patchwork:point-at"; // the gallery tells with this event which sample the pointer is on there

/**
 * @typedef {object} Found
 * @property {import("./map_set.js").MapSet} set
 * @property {string} id
 * @property {number} lon
 * @property {number} lat
 * @property {number} [index] among the points
 * @property {import("./chips.js").Footprint} [chip]
 */

/** The pointer over one map. */
export class Pointing {
  /** @param {import("./patchwork_map.js").PatchworkMap} map */
  constructor(map) {
    this.map = map;
    this.card = new HoverCard(map.container);
    /** @type {{dataset: string, id: string, lon: number, lat: number} | null} */
    this.hovered = null;
    this.fromGallery = ({ detail }) => this.#hover(detail);
    map.container.addEventListener("pointermove", (event) => this.#over(event));
    map.container.addEventListener("pointerleave", () => this.#hover(null));
    globalThis.addEventListener(POINT_AT, this.fromGallery);
  }

  /** A click of deck.gl's: tells Python which sample it was on, if any. */
  click({ x, y }, event) {
    const touch = event?.srcEvent?.pointerType === "touch";
    const found = this.#near([x, y], touch ? HIT_TOUCH_PX : HIT_PX);
    this.map.container.focus({ preventScroll: true });
    if (found) this.map.events.trigger("clicked", reference(found));
  }

  /** Stop listening. */
  stop() {
    globalThis.removeEventListener(POINT_AT, this.fromGallery);
  }

  #over(event) {
    if (event.pointerType === "touch" || event.buttons || event.target.closest(".chrome")) return;
    const { left, top } = this.map.container.getBoundingClientRect();
    const position = [event.clientX - left, event.clientY - top];
    const found = this.map.drawing.tool === "none" ? this.#near(position, HIT_PX) : null;
    this.#hover(found && reference(found));
    this.card.show(found && this.#described(found), position);
  }

  #hover(hovered) {
    if (!hovered) this.card.hide();
    if (hovered?.id === this.hovered?.id && hovered?.dataset === this.hovered?.dataset) return;
    this.hovered = hovered;
    this.map.redraw();
  }

  /** The chip under a position, else the nearest point. @returns {Found | null} */
  #near([x, y], tolerance) {
    const shown = this.map.sets.filter((set) => set.shown);
    const viewport = this.map.instance.getViewports()[0];
    const [far, lat] = viewport ? viewport.unproject([x, y]) : [NaN, NaN];
    const lon = wrapLongitude(far);
    for (const set of shown) {
      const chip = set.chips.at(lon, lat);
      if (chip) return { set, id: chip.id, lon, lat, chip };
    }
    let best = null;
    for (const set of shown.filter(({ pointCount, chips }) => pointCount && !chips.footprints.length)) {
      const hit = nearestPoint(set.store.points, this.map.view, x, y, tolerance);
      if (hit && (!best || hit.distance < best.distance)) best = { set, ...hit };
    }
    if (!best) return null;
    const { ids, positions } = best.set.store.points;
    return { ...best, id: ids[best.index], lon: positions[2 * best.index], lat: positions[2 * best.index + 1] };
  }

  /** @returns {import("./hover_card.js").Hovered} */
  #described({ set, id, index, chip }) {
    const { layer, title, thumbnail, revision } = set.entry;
    const { ids, text } = set.store.points;
    const row = index ?? ids.indexOf(id);
    const place =
      row < 0
        ? ""
        : ["country", "season"]
            .map((name) => text(name, row))
            .filter(Boolean)
            .join(" \u00b7 ");
    const note = chip && !hasModality(chip, layer.from) ? `This sample has no ${layer.modality}` : "";
    return { dataset: set.name, datasetTitle: title, id, place, note, picture: thumbnail, revision };
  }
}

function reference({ set, id, lon, lat }) {
  return { dataset: set.name, id, lon, lat };
}
