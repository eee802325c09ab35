/**
 * The samples of one data set as single points, where few enough of them match.
 *
 * One request answers for a whole neighbourhood of the view (or for the whole world, where the filter leaves few
 * samples), so that panning rarely asks again. More than the limit is no error: the density tiles take over.
 */

import { ApiError, ask, isAbort, Latest, queryOf } from "../browser/requests.js";
import { bboxText, boundsOf, encloses, fromUnit, toUnit } from "./mercator.js";
import { CONTENT_TYPE, parseColumns } from "./columns.js";

export const POINT_LIMIT = 30000; // beyond that, software renderers stutter and single points overlap anyway
const PREFETCH = 0.5; // share of the view asked for on every side
const WORLD = { west: -180, south: -90, east: 180, north: 90 };

/**
 * @typedef {object} PointSet
 * @property {number} n
 * @property {Float64Array} positions longitude and latitude, alternating
 * @property {Float64Array} x on the unit world map
 * @property {Float64Array} y on the unit world map
 * @property {string[]} ids
 * @property {(name: string, row: number) => string} text
 */

const NOTHING = {
  n: 0,
  positions: new Float64Array(0),
  x: new Float64Array(0),
  y: new Float64Array(0),
  ids: [],
  text: () => "",
};

/** Keeps the points of one data set in step with filter and view. */
export class PointStore {
  #latest = new Latest();
  #query = null;
  #matched = 0; // of that query: another number means that the collection was opened since
  #bounds = null; // what the points cover
  #crowded = null; // bounds known to hold more than the limit
  #asking = null; // bounds of the request under way

  /** @param {string} dataset @param {(event: {error?: Error}) => void} onChange */
  constructor(dataset, onChange) {
    this.dataset = dataset;
    this.onChange = onChange;
    /** @type {PointSet} */
    this.points = NOTHING;
    /** @type {'loading' | 'points' | 'density' | 'empty'} */
    this.mode = "loading";
  }

  /**
   * Ask for what the view shows, unless it is here already.
   * @param {string} query the filter
   * @param {number} matched samples that the filter leaves anywhere
   * @param {import('./mercator.js').View} view
   */
  async update(query, matched, view) {
    if (query !== this.#query || matched !== this.#matched) this.#forget(query);
    this.#matched = matched;
    if (matched === 0) return this.#settle("empty", NOTHING, WORLD);
    const everywhere = matched <= POINT_LIMIT;
    const seen = boundsOf(view);
    if (this.#bounds && encloses(this.#bounds, seen)) return undefined;
    if (!everywhere && this.#crowded && encloses(seen, this.#crowded)) return this.#settle("density", NOTHING, null);
    if (this.#asking && encloses(this.#asking, seen)) return undefined;
    const bounds = everywhere ? WORLD : boundsOf(view, PREFETCH);
    this.#asking = bounds;
    try {
      this.#settle("points", await this.#fetch(query, bounds), bounds);
    } catch (error) {
      this.#fail(error, seen, view);
    }
    return undefined;
  }

  /** Drop everything, so that the next update asks again. */
  reset() {
    this.#forget(null);
  }

  /** Cancel what is under way. */
  cancel() {
    this.#latest.cancel();
    this.#asking = null;
  }

  async #fetch(query, bounds) {
    const url = `/api/${this.dataset}/points${queryOf(query, `bbox=${bboxText(bounds)}`, `limit=${POINT_LIMIT}`)}`;
    const response = await ask(url, { accept: CONTENT_TYPE, signal: this.#latest.next() });
    return pointSet(parseColumns(await response.arrayBuffer()));
  }

  #fail(error, seen, view) {
    if (isAbort(error)) return;
    if (error instanceof ApiError && error.code === "too_large") {
      this.#crowded = boundsOf(view, PREFETCH);
      this.#settle("density", NOTHING, null);
      return;
    }
    this.#settle("density", NOTHING, null, error); // tiles may still work, and a message says what happened
  }

  #settle(mode, points, bounds, error) {
    this.mode = mode;
    this.#asking = null;
    this.points = points;
    this.#bounds = bounds;
    this.onChange({ error });
  }

  #forget(query) {
    this.#latest.cancel();
    this.#query = query;
    this.#asking = null;
    this.#bounds = null;
    this.#crowded = null;
  }
}

/** @param {import('./columns.js').Columns} columns @returns {PointSet} */
export function pointSet(columns) {
  const longitudes = columns.column("lon");
  const latitudes = columns.column("lat");
  const positions = new Float64Array(2 * columns.n);
  const x = new Float64Array(columns.n);
  const y = new Float64Array(columns.n);
  for (let i = 0; i < columns.n; i += 1) {
    positions[2 * i] = longitudes[i];
    positions[2 * i + 1] = latitudes[i];
    [x[i], y[i]] = toUnit(longitudes[i], latitudes[i]);
  }
  return { n: columns.n, positions, x, y, ids: columns.column("id"), text: columns.text };
}

/**
 * The smallest box around some points, taken over the antimeridian where that is narrower.
 * @param {Array<PointSet>} sets
 * @returns {import('./mercator.js').Bounds | null} null where there are no points
 */
export function extentOf(sets) {
  const xs = sets.flatMap(({ x }) => Array.from(x)).sort((a, b) => a - b);
  if (!xs.length) return null;
  let top = Infinity;
  let bottom = -Infinity;
  for (const { y } of sets) {
    for (const value of y) {
      top = Math.min(top, value);
      bottom = Math.max(bottom, value);
    }
  }
  const { from, to } = outsideWidestGap(xs);
  const [west, north] = fromUnit(from, top);
  const [east, south] = fromUnit(to, bottom);
  return { west, south, east, north };
}

function outsideWidestGap(sorted) {
  let from = sorted[0];
  let to = sorted.at(-1);
  let widest = 1 - (to - from);
  for (let i = 1; i < sorted.length; i += 1) {
    const gap = sorted[i] - sorted[i - 1];
    if (gap > widest) {
      widest = gap;
      from = sorted[i];
      to = sorted[i - 1];
    }
  }
  return { from, to };
}
