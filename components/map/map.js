/**
 * The map of all samples: one persistent deck.gl instance per Streamlit component, fed by the API.
 *
 * Python sends a small declaration (see `components/map/component.py`); positions, density tiles and pictures are asked
 * for here, directly. Events go back as `viewport` (state, debounced), `clicked`, `selected` and `shown` (triggers).
 */

import {boundsOf, fillingZoom, viewOf, wrapLongitude} from "./mercator.js";
import {ChipStore, hasModality} from "./chips.js";
import {CountryDetail} from "./detail.js";
import {HoverCard} from "./hover_card.js";
import {PointStore, extentOf} from "./points.js";
import {SelectionTools} from "./tools.js";
import {ask, debounce, queryOf} from "../browser/requests.js";
import {buildLayers} from "./layers.js";
import {element} from "../browser/dom.js";
import {labelsOf, roomyLabels} from "./basemap.js";
import {legend} from "./legend.js";
import {listenToKeys, toolbar} from "./controls.js";
import {isSoftwareRenderer, loadDeck, readDeclaration} from "./runtime.js";
import {nearestPoint} from "./picking.js";
import {notice} from "./notice.js";
import {occupiedCells} from "./tiles.js";
import {parseColour, themeOf} from "./theme.js";
import {rememberView} from "./address.js";
import {scaleBar} from "./scale_bar.js";

const QUIET_MS = 180; // after the last move before anything is asked for
const REPORT_MS = 350; // before Python hears of a new viewport: a rerun costs more than a tile
const HIT_PX = 9; // mouse
const HIT_TOUCH_PX = 22; // finger
const ATTRIBUTES = {
  tabindex: "0",
  role: "application",
  "aria-label": "Map of all samples. Arrow keys move, plus and minus zoom, B selects a box, L a lasso, Escape clears.",
};
const COUNTRIES_URL = "/assets/countries.geojson";

let constant = null; // declaration and looks: Python sends them until the first map stands, and no more

/** One data set on the map. */
class MapSet {
  constructor(map, name) {
    this.map = map;
    this.name = name;
    this.entry = {};
    this.store = new PointStore(name, ({error}) => map.changed(error));
    this.chips = new ChipStore(name, ({error}) => map.changed(error));
  }

  get shown() {
    return this.entry.shown && !this.entry.problem;
  }

  colour(theme) {
    return parseColour(theme.dark ? this.entry.colour.dark : this.entry.colour.light);
  }

  chipStyle(query, {cloud_mask: cloudMask}) {
    const {layer, revision, chip_metres: metres} = this.entry;
    return {query, modality: layer.modality, preset: layer.preset, from: layer.from, revision, metres, cloudMask};
  }

  update(view) {
    if (!this.shown) {
      this.store.cancel();
      this.chips.clear();
      return;
    }
    this.store.update(this.map.viewQuery, this.entry.matched, view);
    this.chips.update(this.chipStyle(this.map.viewQuery, this.map.data), view);
  }
}

/** Owns the deck.gl instance, its state and everything drawn over it. */
export class PatchworkMap {
  /**
   * @param {HTMLElement} container
   * @param {Record<string, any>} deck deck.gl's classes
   * @param {Record<string, any>} data from Python
   * @param {{state: (name: string, value: any) => void, trigger: (name: string, value: any) => void}} events
   */
  constructor(container, deck, data, events) {
    Object.assign(this, {container, deck, data, events});
    this.theme = themeOf(container);
    this.font = getComputedStyle(container).fontFamily;
    this.countries = null;
    this.allLabels = [];
    this.labels = [];
    this.sets = data.datasets.map(({name}) => new MapSet(this, name));
    this.hovered = null;
    this.settled = debounce(() => this.ask(), QUIET_MS);
    this.report = debounce(() => this.#report(), REPORT_MS);
    this.#build();
    this.receive(data, events);
    this.#loadCountries();
  }

  /** Take over what Python sent, or a new theme. @param {Record<string, any>} data @param {object} events */
  receive(data, events) {
    this.events = events;
    this.theme = themeOf(this.container);
    const moved = data.goto.serial !== this.data.goto.serial;
    this.data = data;
    for (const set of this.sets) set.entry = {...constant.looks[set.name], ...data.datasets.find(({name}) => name === set.name)};
    this.container.style.setProperty("--sea", this.theme.sea);
    this.container.classList.toggle("dark", this.theme.dark);
    if (moved) this.moveTo(data.goto, 0);
    this.ask();
    this.redraw();
  }

  /** The filter as a query, for requests that cover the whole world. */
  get tileQuery() {
    return this.data.bbox ? queryOf(this.data.query, `bbox=${this.data.bbox.join(",")}`).slice(1) : this.data.query;
  }

  /** The filter as a query for requests that carry the view as their `bbox`: a selected box becomes a polygon. */
  get viewQuery() {
    if (!this.data.bbox) return this.data.query;
    const ring = this.data.selection.map((corner) => corner.join(" ")).join(",");
    return queryOf(this.data.query, `lasso=${encodeURIComponent(ring)}`).slice(1);
  }

  /** Samples to ring: the selected one, and the one pointed at here or in the gallery. */
  get marks() {
    return [this.data.selected, this.hovered].filter(Boolean);
  }

  /** Ask for what the view needs now. */
  ask() {
    for (const set of this.sets) set.update(this.view);
    this.labels = roomyLabels(this.allLabels, this.view);
    this.redraw();
  }

  /** Something arrived, or could not. @param {Error} [error] */
  changed(error) {
    if (error) this.fail(error);
    this.redraw();
  }

  /** @param {Error} error shown on the map; everything else stays usable */
  fail(error) {
    this.notice.show(error.message, {retry: error.retryable !== false});
  }

  /** A data set's tiles for this filter are all here; told as an attribute, for tests and benchmarks. @param {string} name */
  drawn(name) {
    this.container.dataset[`${name}Tiles`] = this.tileQuery || "all";
  }

  /** Draw the next frame with everything that is here. */
  redraw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.instance.setProps({layers: buildLayers(this)});
      this.scale.update(this.view);
      this.legend.update(this.sets.map((set) => this.#legendEntry(set)));
      this.tools.update({tool: this.drawing.tool, selecting: Boolean(this.data.selection)});
      this.#describe();
    });
  }

  /**
   * @param {{longitude: number, latitude: number, zoom: number}} target
   * @param {number} [duration] milliseconds of flight
   */
  moveTo({longitude, latitude, zoom}, duration = 500) {
    const view = {longitude, latitude, zoom, minZoom: 0, maxZoom: 20, pitch: 0, bearing: 0};
    const calm = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches;
    const flight = duration && !calm ? {transitionDuration: duration, transitionInterpolator: new this.deck.LinearInterpolator(["longitude", "latitude", "zoom"])} : {};
    this.instance.setProps({initialViewState: {...view, ...flight}});
    this.#moved({...this.view, longitude, latitude, zoom});
  }

  /** Give the graphics context and all listeners back. */
  destroy() {
    this.settled.cancel();
    this.report.cancel();
    cancelAnimationFrame(this.frame);
    globalThis.removeEventListener("patchwork:point-at", this.pointAt);
    for (const set of this.sets) set.store.cancel();
    this.resize.disconnect();
    this.instance.finalize();
  }

  #build() {
    const {views, layers} = readDeclaration(this.deck, constant.deck);
    this.declared = new Map(layers.map((layer) => [layer.id, layer]));
    const {clientWidth: width, clientHeight: height} = this.container;
    const software = isSoftwareRenderer(); // smooth edges there cost more than they give
    this.view = {...this.#startView(width, height), width, height};
    this.instance = new this.deck.Deck({
      parent: this.container.querySelector(".canvas"),
      views,
      initialViewState: {...this.view, minZoom: 0, maxZoom: 20, pitch: 0, bearing: 0},
      controller: {dragRotate: false, touchRotate: false, keyboard: {moveSpeed: 90}, inertia: 220},
      getCursor: ({isDragging}) => (isDragging ? "grabbing" : this.hovered ? "pointer" : "grab"),
      useDevicePixels: software ? 1 : true,
      deviceProps: {type: "webgl", webgl: {antialias: !software}},
      onViewStateChange: ({viewState}) => this.#moved(viewState),
      onResize: ({width: w, height: h}) => this.#moved({...this.view, width: w, height: h}, false),
      onClick: (info, event) => this.#click(info, event),
      onLoad: () => this.#report(),
      onError: (error) => this.notice.show(`The map could not draw: ${error.message}`),
      layers: [],
    });
    this.#buildChrome();
    this.#listen();
  }

  #startView(width, height) {
    const {goto} = this.data;
    if (goto.zoom !== null) return {longitude: goto.longitude, latitude: goto.latitude, zoom: goto.zoom};
    return this.#home(width, height);
  }

  /** The whole world, as small as the map allows without an empty edge. */
  #home(width, height) {
    return {longitude: 8, latitude: 22, zoom: Math.max(0, fillingZoom(width, height))};
  }

  #buildChrome() {
    const actions = {
      zoomIn: () => this.moveTo({...this.view, zoom: Math.min(20, this.view.zoom + 1)}, 250),
      zoomOut: () => this.moveTo({...this.view, zoom: Math.max(0, this.view.zoom - 1)}, 250),
      home: () => this.moveTo(this.#home(this.view.width, this.view.height)),
      fit: () => this.#fit(),
      box: () => this.drawing.choose("box"),
      lasso: () => this.drawing.choose("lasso"),
      clear: () => {
        if (!this.drawing.stop() && this.data.selection) this.events.trigger("selected", {kind: "none"});
      },
    };
    this.tools = toolbar(actions);
    this.legend = legend((name, shown) => this.events.trigger("shown", {name, shown}));
    this.scale = scaleBar();
    this.notice = notice(() => this.#retry());
    this.hover = new HoverCard(this.container);
    const credit = element("div", {class: "credit"}, "Countries: Natural Earth");
    this.container.append(this.tools.node, this.legend.node, this.notice.node,
      element("div", {class: "foot"}, this.scale.node, credit));
    this.drawing = new SelectionTools(this.container, {
      view: () => this.view,
      onSelect: (selection) => this.events.trigger("selected", selection),
      onTool: () => this.redraw(),
    });
    listenToKeys(this.container, actions);
  }

  #listen() {
    this.container.addEventListener("pointermove", (event) => this.#hoverAt(event));
    this.container.addEventListener("pointerleave", () => this.#setHover(null));
    this.pointAt = ({detail}) => this.#setHover(detail);
    globalThis.addEventListener("patchwork:point-at", this.pointAt);
    this.resize = new ResizeObserver(() => this.instance.redraw("resize"));
    this.resize.observe(this.container);
  }

  #moved({longitude, latitude, zoom, width, height}, byUser = true) {
    this.view = {longitude: wrapLongitude(longitude), latitude, zoom, width: width ?? this.view.width, height: height ?? this.view.height};
    this.scale.update(this.view);
    this.hover.hide();
    this.settled();
    if (byUser) this.report();
  }

  #report() {
    const {west, south, east, north} = boundsOf(this.view);
    const text = {lat: this.view.latitude.toFixed(4), lon: this.view.longitude.toFixed(4), zoom: this.view.zoom.toFixed(2)};
    if (Object.values(text).join() === this.reported) return; // the browser resizes, the address comes back: no news
    this.reported = Object.values(text).join();
    rememberView(text);
    const bbox = [west, south, east, north].map((edge) => Number(edge.toFixed(4)));
    this.events.state("viewport", {...text, bbox});
  }

  #hoverAt(event) {
    if (event.pointerType === "touch" || event.buttons || event.target.closest(".chrome")) return;
    const found = this.#sampleAt(event, HIT_PX);
    this.#setHover(found && {dataset: found.set.name, id: found.id, lon: found.lon, lat: found.lat});
    this.hover.show(found && this.#card(found), this.#position(event));
  }

  #setHover(hovered) {
    if (!hovered) this.hover.hide();
    if (hovered?.id === this.hovered?.id && hovered?.dataset === this.hovered?.dataset) return;
    this.hovered = hovered;
    this.redraw();
  }

  #click(info, event) {
    const source = event?.srcEvent ?? {};
    const found = this.#sampleNear([info.x, info.y], source.pointerType === "touch" ? HIT_TOUCH_PX : HIT_PX);
    this.container.focus({preventScroll: true});
    if (found) this.events.trigger("clicked", {dataset: found.set.name, id: found.id, lon: found.lon, lat: found.lat});
  }

  #position({clientX, clientY}) {
    const {left, top} = this.container.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  #sampleAt(event, tolerance) {
    return this.drawing.tool === "none" ? this.#sampleNear(this.#position(event), tolerance) : null;
  }

  /** The chip under a position, else the nearest point. */
  #sampleNear([x, y], tolerance) {
    const shown = this.sets.filter((set) => set.shown);
    const viewport = this.instance.getViewports()[0];
    const [lon, lat] = viewport ? viewport.unproject([x, y]) : [NaN, NaN];
    for (const set of shown) {
      const chip = set.chips.at(wrapLongitude(lon), lat);
      if (chip) return {set, id: chip.id, lon: wrapLongitude(lon), lat, chip};
    }
    let best = null;
    for (const set of shown.filter(({store, chips}) => store.mode === "points" && !chips.footprints.length)) {
      const hit = nearestPoint(set.store.points, this.view, x, y, tolerance);
      if (hit && (!best || hit.distance < best.distance)) best = {set, ...hit};
    }
    if (!best) return null;
    const {set, index} = best;
    const {ids, positions} = set.store.points;
    return {set, index, id: ids[index], lon: positions[2 * index], lat: positions[2 * index + 1]};
  }

  #card({set, id, index, chip}) {
    const {layer, title, thumbnail, revision} = set.entry;
    const lacking = chip && !hasModality(chip, layer.from);
    const {ids, text} = set.store.points;
    const row = index ?? ids.indexOf(id);
    const place = row < 0 ? "" : ["country", "season"].map((name) => text(name, row)).filter(Boolean).join(" \u00b7 ");
    const note = lacking ? `This sample has no ${layer.modality}` : "";
    return {dataset: set.name, datasetTitle: title, id, place, note, picture: thumbnail, revision};
  }

  async #fit() {
    const shown = this.sets.filter((set) => set.shown && set.entry.matched > 0);
    try {
      const places = await Promise.all(shown.map(({name, store, entry}) =>
        store.mode === "points" && store.points.n >= entry.matched ? store.points : occupiedCells(name, this.tileQuery)));
      const extent = extentOf(places.filter(Boolean));
      if (extent) this.moveTo(viewOf(extent, this.view));
    } catch (error) {
      this.fail(error);
    }
  }

  async #loadCountries() {
    try {
      const response = await ask(COUNTRIES_URL);
      this.countries = await response.json();
      this.allLabels = labelsOf(this.countries);
      this.characters = [...new Set(this.allLabels.flatMap(({name}) => [...name]))];
      this.outlines = new CountryDetail(this.countries);
      this.ask();
    } catch (error) {
      this.fail(error);
    }
  }

  #retry() {
    this.notice.clear();
    if (!this.countries) this.#loadCountries();
    for (const set of this.sets) {
      set.store.reset();
      set.chips.retry();
    }
    this.ask();
  }

  #legendEntry({name, entry, store, chips, shown}) {
    const mode = shown && chips.footprints.length ? `${entry.layer.modality} chips` : store.mode;
    return {name, title: entry.title, shown, matched: entry.matched, mode, problem: entry.problem,
      colour: entry.colour[this.theme.dark ? "dark" : "light"], ramp: entry.ramp[this.theme.dark ? "dark" : "light"]};
  }

  /** What is drawn, as attributes: for tests and for assistive technology. */
  #describe() {
    const points = this.sets.map(({store, shown}) => (shown && store.mode === "points" ? store.points.n : 0));
    const chips = this.sets.map(({chips: {footprints}, shown}) => (shown ? footprints.length : 0));
    const total = (counts) => counts.reduce((sum, count) => sum + count, 0);
    Object.assign(this.container.dataset, {points: total(points), chips: total(chips),
      modes: this.sets.map(({name, store, shown}) => `${name}:${shown ? store.mode : "hidden"}`).join(" "),
      query: this.tileQuery, countries: this.countries ? "loaded" : "loading"});
  }
}

const maps = new WeakMap(); // the component's root -> its map, so that a rerun never builds a second one

/**
 * Streamlit calls this on mounting and whenever data or theme change.
 * @param {{data: Record<string, any>, parentElement: ParentNode, setStateValue: Function, setTriggerValue: Function}} component
 * @returns {() => void} cleanup at unmounting
 */
export default function mount({data, parentElement, setStateValue, setTriggerValue}) {
  const events = {state: setStateValue, trigger: setTriggerValue};
  constant = data.constant ?? constant;
  const known = maps.get(parentElement);
  if (known) {
    Object.assign(known, {data, events});
    known.map?.receive(data, events);
    return () => close(parentElement);
  }
  maps.set(parentElement, {data, events});
  start(parentElement, maps.get(parentElement));
  return () => close(parentElement);
}

async function start(parentElement, entry) {
  const root = parentElement.querySelector(".patchwork-map");
  const message = element("div", {class: "starting"}, "Starting the map ...");
  root.append(element("div", {class: "canvas"}), message);
  for (const [name, value] of Object.entries(ATTRIBUTES)) root.setAttribute(name, value);
  try {
    const deck = await loadDeck();
    entry.map = new PatchworkMap(root, deck, entry.data, entry.events);
    message.remove();
  } catch (error) {
    message.textContent = error.message;
    message.classList.add("fatal");
  }
}

/** Streamlit also cleans up after a call that a later one overtook; the map goes only when its elements are gone. */
function close(parentElement) {
  setTimeout(() => {
    if (parentElement.host?.isConnected) return;
    maps.get(parentElement)?.map?.destroy();
    maps.delete(parentElement);
  });
}
