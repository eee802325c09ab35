/** Where the map looks: moving there, telling Python and the address, fitting to the samples of a filter. */

import { boundsOf, fillingZoom, viewOf, wrapLongitude } from "./mercator.js";
import { debounce } from "../browser/requests.js";
import { extentOf } from "./points.js";
import { occupiedCells } from "./tiles.js";
import { rememberView } from "./address.js";

const QUIET_MS = 180; // after the last move before anything is asked for
const REPORT_MS = 350; // before Python hears of a new viewport: a rerun costs more than a tile
const FLIGHT_MS = 500;
const STEP_MS = 250; // of a zoom button
const LIMITS = { minZoom: 0, maxZoom: 20, pitch: 0, bearing: 0 };

/** The view of one map. */
export class Camera {
  #reported = "";

  /** @param {import("./patchwork_map.js").PatchworkMap} map */
  constructor(map) {
    this.map = map;
    const { clientWidth: width, clientHeight: height } = map.container;
    /** @type {import("./mercator.js").View} */
    this.view = { longitude: 0, latitude: 0, zoom: 0, width, height };
    this.view = { ...this.view, ...this.#asked(map.data.goto) };
    this.settled = debounce(() => map.ask(), QUIET_MS);
    this.later = debounce(() => this.report(), REPORT_MS);
  }

  /** @returns {object} the view as deck.gl takes it at first */
  get initial() {
    return { ...this.view, ...LIMITS };
  }

  /** The user moved the map, or its size changed. @param {object} viewState as deck.gl gives it */
  moved({ longitude, latitude, zoom, width = this.view.width, height = this.view.height }) {
    this.view = { longitude: wrapLongitude(longitude), latitude, zoom, width, height };
    this.map.followed();
    this.settled();
    this.later();
  }

  /** Go to the view that Python asks for. @param {{latitude: ?number, longitude: ?number, zoom: ?number}} goto */
  obey(goto) {
    this.moveTo(this.#asked(goto), 0);
  }

  /** Show the whole world. */
  home() {
    this.moveTo(this.#world());
  }

  /** @param {number} steps zoom levels, negative outwards */
  zoomBy(steps) {
    const zoom = Math.min(LIMITS.maxZoom, Math.max(LIMITS.minZoom, this.view.zoom + steps));
    this.moveTo({ ...this.view, zoom }, STEP_MS);
  }

  /** Show every sample that matches. */
  async fit() {
    const sets = this.map.sets.filter((set) => set.shown && set.entry.matched > 0);
    try {
      const places = await Promise.all(
        sets.map((set) =>
          set.pointCount >= set.entry.matched ? set.store.points : occupiedCells(set.name, this.map.tileQuery),
        ),
      );
      const extent = extentOf(places.filter(Boolean));
      if (extent) this.moveTo(viewOf(extent, this.view));
    } catch (error) {
      this.map.fail(error);
    }
  }

  /** Tell Python and the address what the map shows, if that is news. */
  report() {
    const { latitude, longitude, zoom } = this.view;
    const { west, south, east, north } = boundsOf(this.view);
    const text = { lat: latitude.toFixed(4), lon: longitude.toFixed(4), zoom: zoom.toFixed(2) };
    const viewport = { ...text, bbox: [west, south, east, north].map((edge) => Number(edge.toFixed(4))) };
    const news = JSON.stringify(viewport);
    if (news === this.#reported) return;
    this.#reported = news;
    rememberView(text);
    this.map.events.state("viewport", viewport);
  }

  /** Stop what is still to come. */
  stop() {
    this.settled.cancel();
    this.later.cancel();
  }

  /**
   * @param {{longitude: number, latitude: number, zoom: number}} target
   * @param {number} [duration] milliseconds of flight
   */
  moveTo({ longitude, latitude, zoom }, duration = FLIGHT_MS) {
    const { deck, instance } = this.map;
    const calm = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches;
    const flight = duration &&
      !calm && {
        transitionDuration: duration,
        transitionInterpolator: new deck.LinearInterpolator(["longitude", "latitude", "zoom"]),
      };
    instance.setProps({ initialViewState: { longitude, latitude, zoom, ...LIMITS, ...flight } });
    this.moved({ longitude, latitude, zoom });
  }

  #asked({ latitude, longitude, zoom }) {
    return zoom === null ? this.#world() : { latitude, longitude, zoom };
  }

  /** The whole world, as small as the map allows without an empty edge. */
  #world() {
    const { width, height } = this.view;
    return { longitude: 8, latitude: 22, zoom: Math.max(LIMITS.minZoom, fillingZoom(width, height)) };
  }
}
