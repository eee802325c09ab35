/** One data set on the map: what Python told of it, its points and its chips. */

import { ChipStore } from "./chips.js";
import { PointStore } from "./points.js";
import { parseColour } from "./theme.js";

/** Keeps the points and chips of one data set in step with the map. */
export class MapSet {
  /** @param {import("./patchwork_map.js").PatchworkMap} map @param {string} name */
  constructor(map, name) {
    this.map = map;
    this.name = name;
    /** What Python sends with every change, and the look that it sends once. */
    this.entry = {};
    this.store = new PointStore(name, ({ error }) => map.changed(error));
    this.chips = new ChipStore(name, ({ error }) => map.changed(error));
  }

  /** @returns {boolean} whether it is drawn */
  get shown() {
    return this.entry.shown && !this.entry.problem;
  }

  /** @returns {number} how many points are drawn */
  get pointCount() {
    return this.shown && this.store.mode === "points" ? this.store.points.n : 0;
  }

  /** @param {import("./theme.js").MapTheme} theme @returns {import("./theme.js").Rgba} */
  colour(theme) {
    return parseColour(theme.dark ? this.entry.colour.dark : this.entry.colour.light);
  }

  /** @returns {import("./chips.js").ChipStyle} */
  chipStyle() {
    const { layer, revision, chip_metres: metres } = this.entry;
    const {
      viewQuery: query,
      data: { cloud_mask: cloudMask },
    } = this.map;
    return { query, modality: layer.modality, preset: layer.preset, from: layer.from, revision, metres, cloudMask };
  }

  /** Ask for what a view needs. @param {import("./mercator.js").View} view */
  update(view) {
    if (!this.shown) {
      this.store.cancel();
      this.chips.clear();
      return;
    }
    this.store.update(this.map.viewQuery, this.entry.matched, view);
    this.chips.update(this.chipStyle(), view);
  }

  /** Cancel what is under way and give pictures back; the map goes. */
  stop() {
    this.store.cancel();
    this.chips.stop();
  }

  /** Forget what failed, so that the next update asks again. */
  retry() {
    this.store.reset();
    this.chips.retry();
  }

  /** @param {boolean} dark @returns {import("./legend.js").LegendEntry} */
  legendEntry(dark) {
    const { title, matched, problem, colour, ramp, layer } = this.entry;
    const theme = dark ? "dark" : "light";
    const mode = this.shown && this.chips.footprints.length ? `${layer.modality} chips` : this.store.mode;
    return {
      name: this.name,
      title,
      shown: this.shown,
      matched,
      mode,
      problem,
      colour: colour[theme],
      ramp: ramp[theme],
    };
  }
}
