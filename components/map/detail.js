/**
 * Country outlines in the detail that a zoom level can show, and only those in view.
 *
 * The file has 100,000 vertices. Drawing all of them costs a software renderer seconds per frame at every zoom; less
 * than a third of a pixel of them can be seen far out, and less than a hundredth of them lie in view close up.
 */

import { boundsOf, boxOf, encloses, spanOf } from "./mercator.js";
import { simplify } from "./lasso.js";

const LEVELS = [
  // degrees: less than a pixel, and specks of two pixels, at the deepest zoom of each level
  { below: 1.6, tolerance: 0.18, smallest: 0.5 },
  { below: 3.2, tolerance: 0.06, smallest: 0.16 },
  { below: 5, tolerance: 0.015, smallest: 0.04 },
  { below: Infinity, tolerance: 0, smallest: 0 },
];
const CULL_FROM_LEVEL = 1; // further out, everything is in view anyway
const MARGIN = 0.5; // of the view on every side: panning a little needs no new outlines

/** Hands out the outlines for a view; the same object as long as it serves. */
export class CountryDetail {
  #levels = new Map();
  #served = null;

  /** @param {{features: object[]}} countries the whole file */
  constructor(countries) {
    this.countries = countries;
  }

  /**
   * @param {import('./mercator.js').View} view
   * @returns {object[]} GeoJSON features
   */
  at(view) {
    const level = LEVELS.findIndex(({ below }) => view.zoom < below);
    const seen = boundsOf(view);
    if (this.#served?.level === level && encloses(this.#served.bounds, seen)) return this.#served.features;
    const everything = level < CULL_FROM_LEVEL;
    const bounds = everything ? { west: -180, south: -90, east: 180, north: 90 } : boundsOf(view, MARGIN);
    const parts = this.#parts(level);
    const features = (everything ? parts : parts.filter(({ box }) => overlap(box, bounds))).map(
      ({ feature }) => feature,
    );
    this.#served = { level, bounds, features };
    return features;
  }

  #parts(level) {
    if (!this.#levels.has(level)) {
      const { tolerance, smallest } = LEVELS[level];
      this.#levels.set(
        level,
        this.countries.features.flatMap(({ properties, geometry }) =>
          polygonsOf(geometry)
            .map((rings) => part(properties, rings, tolerance, smallest))
            .filter(Boolean),
        ),
      );
    }
    return this.#levels.get(level);
  }
}

function polygonsOf({ type, coordinates }) {
  if (type === "Polygon") return [coordinates];
  return type === "MultiPolygon" ? coordinates : [];
}

/** One polygon as a feature of its own, thinned; null where it is too small to be seen. */
function part(properties, rings, tolerance, smallest) {
  const box = boxOf(rings[0]);
  if (spanOf(box) < smallest && box.north - box.south < smallest) return null;
  const thinned = tolerance ? rings.map((ring) => thin(ring, tolerance)).filter((ring) => ring.length > 3) : rings;
  if (!thinned.length) return null;
  return { box, feature: { type: "Feature", properties, geometry: { type: "Polygon", coordinates: thinned } } };
}

/** A closed ring has no ends to simplify between: halve it first. */
function thin(ring, tolerance) {
  const middle = ring.length >> 1;
  return [...simplify(ring.slice(0, middle + 1), tolerance).slice(0, -1), ...simplify(ring.slice(middle), tolerance)];
}

function overlap(box, bounds) {
  if (box.north < bounds.south || box.south > bounds.north) return false;
  const ranges =
    bounds.west <= bounds.east
      ? [bounds]
      : [
          { west: bounds.west, east: 180 },
          { west: -180, east: bounds.east },
        ];
  return ranges.some(({ west, east }) => box.west <= east && box.east >= west);
}
