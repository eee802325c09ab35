/** The map of all samples: one deck.gl instance, fed by the API, with everything drawn over it. */

import { Camera } from "./camera.js";
import { CountryDetail } from "./detail.js";
import { MapSet } from "./map_set.js";
import { Pointing } from "./pointing.js";
import { SelectionTools } from "./tools.js";
import { ask, queryOf } from "../browser/requests.js";
import { buildLayers } from "./layers.js";
import { element } from "../browser/dom.js";
import { isSoftwareRenderer, readDeclaration } from "./runtime.js";
import { Graticule, labelsOf, roomyLabels } from "./basemap.js";
import { legend } from "./legend.js";
import { listenToKeys, toolbar } from "./controls.js";
import { notice } from "./notice.js";
import { scaleBar } from "./scale_bar.js";
import { themeOf } from "./theme.js";

const COUNTRIES_URL = "/assets/countries.geojson";

/** Owns the deck.gl instance and its state. */
export class PatchworkMap {
  /**
   * @param {HTMLElement} container
   * @param {Record<string, any>} deck deck.gl's classes
   * @param {{deck: string, looks: Record<string, object>}} constant the declaration and the looks of the data sets
   * @param {Record<string, any>} data from Python
   * @param {{state: (name: string, value: any) => void, trigger: (name: string, value: any) => void}} events
   */
  constructor(container, deck, constant, data, events) {
    Object.assign(this, { container, deck, constant, data, events });
    this.theme = themeOf(container);
    this.font = getComputedStyle(container).fontFamily;
    this.countries = null;
    this.graticule = new Graticule();
    this.allLabels = [];
    this.labels = [];
    this.sets = data.datasets.map(({ name }) => new MapSet(this, name));
    this.camera = new Camera(this);
    this.#buildDeck();
    this.#buildChrome();
    this.receive(data, events);
    this.#loadCountries();
  }

  /** Take over what Python sent, or a new theme. @param {Record<string, any>} data @param {object} events */
  receive(data, events) {
    const moved = data.goto.serial !== this.data.goto.serial;
    Object.assign(this, { data, events, theme: themeOf(this.container) });
    for (const set of this.sets) {
      const told = data.datasets.find(({ name }) => name === set.name);
      const layer = { from: [told.layer.modality], ...told.layer };
      set.entry = { ...this.constant.looks[set.name], ...told, layer };
    }
    this.container.style.setProperty("--sea", this.theme.sea);
    if (moved) this.camera.obey(data.goto);
    this.ask();
  }

  /** @returns {import("./mercator.js").View} */
  get view() {
    return this.camera.view;
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
    return [this.data.selected, this.pointing.hovered].filter(Boolean);
  }

  /** Ask for what the view needs now, and draw what is here. */
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
    this.notice.show(error.message, { retry: error.retryable !== false });
  }

  /** The camera moved. */
  followed() {
    this.scale.update(this.view);
    this.pointing.card.hide();
  }

  /** A data set's tiles for this filter are all here; told as an attribute, for tests and benchmarks. @param {string} name */
  drawn(name) {
    this.container.dataset[`${name}Tiles`] = this.tileQuery || "all";
  }

  /** Draw the next frame with everything that is here. */
  redraw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.instance.setProps({ layers: buildLayers(this) });
      this.scale.update(this.view);
      this.legend.update(this.sets.map((set) => set.legendEntry(this.theme.dark)));
      this.tools.update({ tool: this.drawing.tool, selecting: Boolean(this.data.selection) });
      this.#describe();
    });
  }

  /** Give the graphics context and all listeners back. */
  destroy() {
    this.camera.stop();
    this.pointing.stop();
    cancelAnimationFrame(this.frame);
    this.instance.finalize();
    for (const set of this.sets) set.stop(); // after the layers, which draw their pictures
  }

  #buildDeck() {
    const { views, layers } = readDeclaration(this.deck, this.constant.deck);
    const software = isSoftwareRenderer(); // smooth edges there cost more than they give
    this.declared = new Map(layers.map((layer) => [layer.id, layer]));
    this.pointing = new Pointing(this);
    this.instance = new this.deck.Deck({
      parent: this.container.querySelector(".canvas"),
      views,
      initialViewState: this.camera.initial,
      controller: { dragRotate: false, touchRotate: false, keyboard: { moveSpeed: 90 }, inertia: 220 },
      getCursor: ({ isDragging }) => (isDragging ? "grabbing" : this.pointing.hovered ? "pointer" : "grab"),
      useDevicePixels: software ? 1 : true,
      deviceProps: { type: "webgl", webgl: { antialias: !software } },
      onViewStateChange: ({ viewState }) => this.camera.moved(viewState),
      onResize: ({ width, height }) => this.camera.moved({ ...this.view, width, height }),
      onClick: (info, event) => this.pointing.click(info, event),
      onLoad: () => this.camera.report(),
      onError: (error) => this.notice.show(`The map could not draw: ${error.message}`),
      layers: [],
    });
  }

  #buildChrome() {
    const actions = {
      zoomIn: () => this.camera.zoomBy(1),
      zoomOut: () => this.camera.zoomBy(-1),
      home: () => this.camera.home(),
      fit: () => this.camera.fit(),
      box: () => this.drawing.choose("box"),
      lasso: () => this.drawing.choose("lasso"),
      clear: () => {
        if (!this.drawing.stop() && this.data.selection) this.events.trigger("selected", { kind: "none" });
      },
    };
    this.tools = toolbar(actions);
    this.legend = legend((name, shown) => this.events.trigger("shown", { name, shown }));
    this.scale = scaleBar();
    this.notice = notice(() => this.#retry());
    const credit = element("div", { class: "credit" }, "Countries: Natural Earth");
    this.container.append(
      this.tools.node,
      this.legend.node,
      this.notice.node,
      element("div", { class: "foot" }, this.scale.node, credit),
    );
    this.drawing = new SelectionTools(this.container, {
      view: () => this.view,
      onSelect: (selection) => this.events.trigger("selected", selection),
      onTool: () => this.redraw(),
    });
    listenToKeys(this.container, actions);
  }

  async #loadCountries() {
    try {
      this.countries = await (await ask(COUNTRIES_URL)).json();
      this.allLabels = labelsOf(this.countries);
      this.characters = [...new Set(this.allLabels.flatMap(({ name }) => [...name]))];
      this.outlines = new CountryDetail(this.countries);
      this.ask();
    } catch (error) {
      this.fail(error);
    }
  }

  #retry() {
    this.notice.clear();
    if (!this.countries) this.#loadCountries();
    for (const set of this.sets) set.retry();
    this.ask();
  }

  /** What is drawn, as attributes: for tests and for assistive technology. */
  #describe() {
    const total = (count) => this.sets.reduce((sum, set) => sum + count(set), 0);
    Object.assign(this.container.dataset, {
      points: total((set) => set.pointCount),
      chips: total(({ shown, chips }) => (shown ? chips.footprints.length : 0)),
      modes: this.sets.map(({ name, store, shown }) => `${name}:${shown ? store.mode : "hidden"}`).join(" "),
      query: this.tileQuery,
      countries: this.countries ? "loaded" : "loading",
    });
  }
}
