/**
 * The viewer: all modalities of one sample in panels that move together.
 * Entry point of the Streamlit component; one Viewer lives as long as its element.
 */

import { listen } from "./gestures.js";
import { element } from "./legend.js";
import { Panel } from "./panel.js";
import { fitted, viewFromText, viewToText, WHOLE } from "./view.js";

const REPORT_AFTER_MS = 400; // the page's address follows once the hand rests
const HELP = "Wheel or pinch: zoom · drag: move · double click: whole sample · ← →: previous and next sample · " +
  "1–9: enlarge a panel · C: cloud mask · 0: whole sample · ?: this help";

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
    this.cursor = null;
    this.root = element("div", "viewer");
    this.grid = element("div", "grid");
    this.help = element("p", "help", HELP);
    this.help.hidden = true;
    this.root.append(this.help, this.grid);
    parent.append(this.root);
    this.closing = new AbortController();
    document.addEventListener("keydown", (event) => this.press(event), { signal: this.closing.signal });
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.grid);
  }

  update({ data, setStateValue, setTriggerValue }) {
    this.setStateValue = setStateValue;
    this.setTriggerValue = setTriggerValue;
    const another = this.data?.sample !== data.sample;
    this.data = data;
    if (another) {
      clearTimeout(this.reporting);
      this.view = viewFromText(data.view);
      this.enlarged = null;
    }
    this.arrangePanels(data.panels);
    this.setOverlay(data.overlay);
    this.draw();
  }

  arrangePanels(specs) {
    while (this.panels.length > specs.length) this.panels.pop().root.remove();
    specs.forEach((spec, i) => {
      if (this.panels[i]) this.panels[i].update(spec);
      else this.addPanel(spec);
    });
  }

  addPanel(spec) {
    const panel = new Panel(spec, {
      onDraw: () => this.draw(),
      onPreset: (modality, preset) => this.setTriggerValue("preset", { modality, preset }),
    });
    listen(panel.stage, {
      view: () => this.view,
      setView: (view) => this.setView(view),
      setCursor: (cursor) => this.setCursor(cursor),
      wake: () => this.panels.forEach((each) => each.loadValues()),
    });
    this.panels.push(panel);
    this.grid.append(panel.root);
  }

  async setOverlay(overlay) {
    if (this.overlayUrl === overlay?.picture) return;
    this.overlayUrl = overlay?.picture;
    this.overlay = null;
    if (!overlay) return;
    const response = await fetch(overlay.picture).catch(() => null);
    const picture = response?.ok ? await createImageBitmap(await response.blob()) : null;
    if (this.overlayUrl !== overlay.picture) return; // the user moved on meanwhile
    this.overlay = picture;
    this.draw();
  }

  setView(view) {
    this.view = fitted(view);
    this.draw();
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => this.reportView(), REPORT_AFTER_MS);
  }

  /** The sample goes with it: Streamlit keeps the value when the next sample is shown. */
  reportView() {
    this.setStateValue("view", { sample: this.data.sample, text: viewToText(this.view) });
  }

  setCursor(cursor) {
    this.cursor = cursor;
    this.draw();
  }

  /** Draw at the next frame, once, however many reasons there are. */
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      const state = { cursor: this.cursor, overlay: this.overlay, opacity: this.data.overlay?.opacity ?? 1 };
      for (const panel of this.panels) panel.draw(this.view, state);
    });
  }

  enlarge(index) {
    this.enlarged = this.enlarged === index ? null : index;
    this.panels.forEach((panel, i) => panel.root.classList.toggle("enlarged", i === this.enlarged));
    this.draw();
  }

  press(event) {
    const writing = event.composedPath()[0]?.closest?.("input, textarea, select, [contenteditable]");
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = this.actionOf(event.key);
    if (!action) return;
    event.preventDefault();
    action();
  }

  actionOf(key) {
    const actions = {
      ArrowLeft: () => this.setTriggerValue("step", "previous"),
      ArrowRight: () => this.setTriggerValue("step", "next"),
      c: () => this.setTriggerValue("cloud", !this.data.overlay),
      0: () => this.setView(WHOLE),
      "?": () => (this.help.hidden = !this.help.hidden),
    };
    const digit = Number(key);
    if (digit >= 1 && digit <= this.panels.length) return () => this.enlarge(digit - 1);
    return actions[key.length === 1 ? key.toLowerCase() : key];
  }

  close() {
    this.closing.abort();
    this.sizes.disconnect();
    clearTimeout(this.reporting);
    this.root.remove();
  }
}
