/**
 * The viewer: all modalities of one sample in panels that move together.
 * Entry point of the Streamlit component; one Viewer lives as long as its element.
 */

import { element } from "../browser/dom.js";
import { lasting } from "../browser/lasting.js";
import { actionsOf } from "./actions.js";
import { listen } from "./gestures.js";
import { listenToKeys } from "./keys.js";
import { Overlay } from "./overlay.js";
import { Pair } from "./pair.js";
import { pairFromText, pairToText } from "./pair_state.js";
import { Panel } from "./panel.js";
import { PinBoard } from "./pin_board.js";
import { pinsFromText, signOf, toggled, without } from "./pins.js";
import { Prefetch } from "./prefetch.js";
import { Reporter } from "./report.js";
import { Stepper } from "./stepper.js";
import { Toolbar } from "./toolbar.js";
import { fitted, viewFromText, WHOLE } from "./view.js";

class Viewer {
  constructor(parent) {
    this.panels = [];
    this.pins = [];
    this.cursor = null;
    this.view = WHOLE;
    this.overlay = new Overlay(() => this.draw());
    this.prefetch = new Prefetch();
    this.grid = element("div", { class: "grid" });
    this.board = new PinBoard({
      remove: (index) => this.setPins(without(this.pins, index)),
      clear: () => this.setPins([]),
    });
    this.pair = new Pair({ change: (state) => this.setPair(state), draw: () => this.draw() });
    this.listen(this.pair.stage);
    this.reporter = new Reporter((report) => this.setStateValue("arranged", report));
    this.stepper = new Stepper((direction) => this.setTriggerValue("step", direction));
    const actions = actionsOf(this);
    this.toolbar = new Toolbar(actions);
    this.work = element("div", { class: "work" }, this.pair.root, this.grid);
    this.root = parent.querySelector(".viewer");
    this.root.replaceChildren(this.toolbar.root, this.work, this.board.root);
    this.closing = new AbortController();
    listenToKeys(actions, this.closing.signal);
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.grid);
  }

  update({ data, setStateValue, setTriggerValue }) {
    this.setStateValue = setStateValue;
    this.setTriggerValue = setTriggerValue;
    const another = this.data?.sample !== data.sample;
    const sent = another || this.data.goto !== data.goto;
    this.data = data;
    if (sent) this.begin(data.start);
    this.stepper.ways = data.ways;
    if (another) {
      this.prefetch.stop();
      this.stepper.arrive();
    }
    this.arrangePanels(data.panels);
    this.overlay.show(data.overlay);
    this.draw();
  }

  /** Follow the address: of a link, or of the back button. */
  begin(start) {
    this.reporter.stop();
    this.view = viewFromText(start.view);
    this.pins = pinsFromText(start.pins);
    this.pairText = start.pair;
  }

  arrangePanels(specs) {
    while (this.panels.length > specs.length) this.panels.pop().close();
    specs.forEach((spec, i) => {
      if (this.panels[i]) this.panels[i].update(spec);
      else this.addPanel(spec, i);
    });
    this.toolbar.root.hidden = specs.length === 0; // buttons that would do nothing
    if (this.pins.length) this.wake();
    this.showPair(pairFromText(this.pairText)); // its panels may have got other pictures or values
  }

  showPair(state) {
    this.pair.show(state, this.panels);
    this.work.classList.toggle("paired", this.pair.state !== null);
    this.toolbar.press(this.pair.state?.mode);
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
    listen(stage, {
      view: () => this.view,
      setView: (view) => this.setView(view),
      setCursor: (cursor) => this.setCursor(cursor),
      pin: (place) => this.setPins(toggled(this.pins, place, this.view.scale)),
    });
  }

  setView(view) {
    this.view = fitted(view);
    this.draw();
    this.reporter.soon(this);
  }

  setPins(pins) {
    this.pins = pins;
    if (pins.length) this.wake();
    this.draw();
    this.reporter.soon(this);
  }

  setPair(state) {
    this.showPair(state);
    this.pairText = pairToText(this.pair.state);
    this.draw();
    this.reporter.soon(this);
  }

  togglePair(mode) {
    const before = this.pair.state ?? { one: "", other: "", band: "" };
    this.setPair(before.mode === mode ? null : { ...before, mode });
  }

  setCursor(cursor) {
    if (cursor) this.wake(!this.cursor); // coming back with the mouse tries again what has failed
    this.cursor = cursor;
    this.draw();
  }

  /** Fetch the values behind the panels. */
  wake(again = false) {
    for (const panel of this.panels) panel.values.load(again);
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
      const scene = { cursor: this.cursor, overlay: this.overlay.picture, opacity: this.overlay.opacity, pins };
      this.toolbar.say(this.overlay.problem);
      for (const panel of this.panels) panel.draw(this.view, scene);
      this.pair.draw(this.view, scene);
      this.board.draw(this.pins, this.panels);
      this.root.classList.toggle("zoomed", this.view.scale > 1);
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
    this.stepper.forget();
    this.reporter.stop();
    cancelAnimationFrame(this.frame);
    this.arrangePanels([]);
    this.pair.close();
    this.root.replaceChildren();
  }
}

export default lasting(Viewer);
