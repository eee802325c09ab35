/**
 * The viewer: all modalities of one sample in panels that move together.
 * Entry point of the Streamlit component; one Viewer lives as long as its element.
 */

import { element } from "../browser/dom.js";
import { Chip } from "./chip.js";
import { listen } from "./gestures.js";
import { listenToKeys } from "./keys.js";
import { Panel } from "./panel.js";
import { PinBoard } from "./pin_board.js";
import { pinsFromText, pinsToText, signOf, toggled, without } from "./pins.js";
import { Prefetch } from "./prefetch.js";
import { Toolbar } from "./toolbar.js";
import { fitted, panned, viewFromText, viewToText, WHOLE, zoomed } from "./view.js";

const REPORT_AFTER_MS = 400; // the page's address follows once the hand rests
const ZOOM_STEP = 1.5; // of the keys and buttons
const PAN_STEP = 0.2; // of a panel's width
const STEP_PATIENCE_MS = 3000; // then another step may be asked for though no sample came

const viewers = new WeakMap();

/**
 * Called by Streamlit at first and whenever the data change.
 * @param {{data: object, parentElement: HTMLElement, setStateValue: Function, setTriggerValue: Function}} component
 * @returns {() => void} clean-up for the moment the element goes
 */
export default function mount(component) {
  const { parentElement } = component;
  const viewer = viewers.get(parentElement) ?? new Viewer(parentElement);
  viewers.set(parentElement, viewer);
  viewer.update(component);
  return () => {
    viewer.close();
    viewers.delete(parentElement);
  };
}

class Viewer {
  constructor(parent) {
    this.panels = [];
    this.pins = [];
    this.cursor = null;
    this.view = WHOLE;
    this.overlay = new Chip(() => this.showOverlay());
    this.prefetch = new Prefetch();
    this.grid = element("div", { class: "grid" });
    this.board = new PinBoard({ remove: (index) => this.setPins(without(this.pins, index)), clear: () => this.setPins([]) });
    const actions = this.actions();
    this.toolbar = new Toolbar(actions);
    this.root = element("div", { class: "viewer" }, this.toolbar.root, this.grid, this.board.root);
    parent.append(this.root);
    this.closing = new AbortController();
    listenToKeys(actions, this.closing.signal);
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.grid);
  }

  /** What keys and buttons do, by the name of the key. */
  actions() {
    const zoom = (factor) => () => this.setView(zoomed(this.view, factor, 0.5, 0.5));
    const pan = (dx, dy) => () => this.setView(panned(this.view, dx * PAN_STEP, dy * PAN_STEP));
    const digits = Array.from({ length: 9 }, (_, i) => [String(i + 1), () => this.enlarge(i)]);
    return {
      ...Object.fromEntries(digits),
      ArrowLeft: () => this.step("previous"),
      ArrowRight: () => this.step("next"),
      "Shift+ArrowLeft": pan(1, 0),
      "Shift+ArrowRight": pan(-1, 0),
      "Shift+ArrowUp": pan(0, 1),
      "Shift+ArrowDown": pan(0, -1),
      "+": zoom(ZOOM_STEP),
      "=": zoom(ZOOM_STEP), // the same key without shift, on many keyboards
      "-": zoom(1 / ZOOM_STEP),
      0: () => this.setView(WHOLE),
      c: () => this.setTriggerValue("cloud", !this.data.overlay),
      Escape: () => this.enlarge(null),
      "?": () => this.toolbar.toggleHelp(),
    };
  }

  update({ data, setStateValue, setTriggerValue }) {
    this.setStateValue = setStateValue;
    this.setTriggerValue = setTriggerValue;
    const another = this.data?.sample !== data.sample;
    const sent = another || this.data.goto !== data.goto;
    this.data = data;
    if (sent) this.begin(data.start);
    if (another) this.arrive();
    this.arrangePanels(data.panels);
    if (data.overlay?.picture !== this.overlayUrl) this.loadOverlay(data.overlay);
    this.draw();
  }

  /** Follow the address: of a link, or of the back button. */
  begin(start) {
    clearTimeout(this.reporting);
    this.view = viewFromText(start.view);
    this.pins = pinsFromText(start.pins);
  }

  /** Another sample is here; a step that was asked for meanwhile follows. */
  arrive() {
    this.prefetch.stop();
    clearTimeout(this.stepping);
    const next = this.wanted;
    this.stepping = this.wanted = null;
    if (next) setTimeout(() => this.step(next)); // Streamlit takes no event before this update has ended
  }

  arrangePanels(specs) {
    while (this.panels.length > specs.length) this.panels.pop().close();
    specs.forEach((spec, i) => {
      if (this.panels[i]) this.panels[i].update(spec);
      else this.addPanel(spec, i);
    });
    if (this.pins.length) this.wake();
  }

  addPanel(spec, index) {
    const panel = new Panel(spec, {
      onDraw: () => this.draw(),
      onPreset: (modality, preset) => this.setTriggerValue("preset", { modality, preset }),
      onEnlarge: () => this.enlarge(index),
    });
    this.listen(panel.stage);
    this.panels.push(panel);
    this.grid.append(panel.root);
  }

  /** Let a stage move all panels. */
  listen(stage) {
    const pin = (place) => this.setPins(toggled(this.pins, place, this.view.scale));
    listen(stage, {
      view: () => this.view,
      setView: (view) => this.setView(view),
      setCursor: (cursor) => this.setCursor(cursor),
      pin,
    });
    stage.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === stage) pin({ u: this.view.x, v: this.view.y });
    });
  }

  loadOverlay(overlay) {
    this.overlayUrl = overlay?.picture;
    this.overlay.close(); // another sample's clouds must not lie over this one
    if (overlay) this.overlay.load(overlay.picture, null);
  }

  showOverlay() {
    this.toolbar.say(this.overlay.error ? `Cloud mask: ${this.overlay.error.message}` : "");
    this.draw();
  }

  setView(view) {
    this.view = fitted(view);
    this.draw();
    this.report();
  }

  setPins(pins) {
    this.pins = pins;
    if (pins.length) this.wake();
    this.draw();
    this.report();
  }

  setCursor(cursor) {
    this.cursor = cursor;
    if (cursor) this.wake();
    this.draw();
  }

  /** Fetch the values behind the panels. */
  wake() {
    for (const panel of this.panels) panel.values.load();
  }

  /** Tell Python how the viewer is arranged. The sample goes with it: Streamlit keeps the value for the next one. */
  report() {
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => {
      const texts = { view: viewToText(this.view), pins: pinsToText(this.pins), pair: "" };
      this.setStateValue("arranged", { sample: this.data.sample, moment: Date.now(), ...texts });
    }, REPORT_AFTER_MS);
  }

  /** Ask for a neighbour; a second press waits until the first has arrived, so that none is lost. */
  step(direction) {
    if (!this.data.ways.includes(direction)) return;
    if (this.stepping) {
      this.wanted = direction;
      return;
    }
    this.stepping = setTimeout(() => (this.stepping = this.wanted = null), STEP_PATIENCE_MS);
    this.setTriggerValue("step", direction);
  }

  enlarge(index) {
    this.enlarged = this.enlarged === index ? null : index;
    this.panels.forEach((panel, i) => panel.setEnlarged(i === this.enlarged));
    this.draw();
  }

  /** Draw at the next frame, once, however many reasons there are. */
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      const pins = this.pins.map((place, i) => ({ place, ...signOf(i) }));
      const scene = { cursor: this.cursor, overlay: this.overlay.picture, opacity: this.data.overlay?.opacity ?? 1, pins };
      for (const panel of this.panels) panel.draw(this.view, scene);
      this.board.draw(this.pins, this.panels);
      this.grid.classList.toggle("zoomed", this.view.scale > 1);
      this.prefetchWhenIdle();
    });
  }

  /** Once every panel has its picture, fetch the neighbours'. */
  prefetchWhenIdle() {
    if (this.fetchedFor === this.data.nearby || this.panels.some(({ chip }) => chip.loading)) return;
    this.fetchedFor = this.data.nearby;
    this.prefetch.start(this.data.nearby);
  }

  close() {
    this.closing.abort();
    this.sizes.disconnect();
    this.prefetch.stop();
    this.overlay.close();
    for (const timer of [this.reporting, this.stepping]) clearTimeout(timer);
    cancelAnimationFrame(this.frame);
    this.arrangePanels([]);
    this.root.remove();
  }
}
