/** One modality: its picture on a canvas, its preset menu, the value under the cursor, its legend. */

import { classNames, drawLegend, element, shownBands } from "./legend.js";
import { parseNpy } from "./npy.js";
import { readoutAt } from "./readout.js";
import { pointOf } from "./view.js";

const CROSSHAIR = ["rgba(0, 0, 0, 0.65)", "rgba(255, 255, 255, 0.95)"]; // dark under light: seen on any picture

/** Fetch, and turn the API's JSON errors into an Error with its message. */
async function answer(url, signal) {
  const response = await fetch(url, { signal });
  if (response.ok) return response;
  const problem = await response.json().catch(() => null);
  throw new Error(problem?.message ?? `the server answered ${response.status}`);
}

export class Panel {
  /**
   * @param {object} spec one entry of the component's `panels`
   * @param {{onPreset: (modality: string, preset: string) => void, onDraw: () => void}} events
   */
  constructor(spec, events) {
    this.events = events;
    this.root = element("figure", "panel");
    this.title = element("span", "name");
    this.about = element("span", "about");
    this.menu = element("select", "preset");
    this.menu.addEventListener("change", () => events.onPreset(this.spec.modality, this.menu.value));
    const heading = element("figcaption");
    const words = element("span", "words");
    words.append(this.title, this.about);
    heading.append(words, this.menu);
    this.stage = element("div", "stage");
    this.canvas = element("canvas");
    this.readout = element("output", "readout");
    this.message = element("p", "message");
    this.stage.append(this.canvas, this.readout, this.message);
    this.legend = element("div", "legend");
    this.root.append(heading, this.stage, this.legend);
    this.update(spec);
  }

  /** Show another modality, sample or preset; what is the same is not fetched again. */
  update(spec) {
    const before = this.spec;
    this.spec = spec;
    this.root.dataset.modality = spec.modality;
    this.title.textContent = spec.title;
    this.about.textContent = spec.about;
    this.about.title = spec.about;
    if (JSON.stringify(before?.presets) !== JSON.stringify(spec.presets)) this.fillMenu();
    this.menu.value = spec.preset;
    if (before?.picture !== spec.picture) this.loadPicture();
    if (JSON.stringify(before?.values) !== JSON.stringify(spec.values)) this.arrays = null;
  }

  fillMenu() {
    this.menu.replaceChildren(...this.spec.presets.map(({ name, title }) => new Option(title, name)));
    this.menu.hidden = this.spec.presets.length < 2;
    this.menu.setAttribute("aria-label", `Preset of ${this.spec.title}`);
  }

  async loadPicture() {
    this.loading?.abort();
    const { signal } = (this.loading = new AbortController());
    this.say("Loading the picture …");
    try {
      const [picture, legend] = await Promise.all([
        answer(this.spec.picture, signal).then((response) => response.blob()).then(createImageBitmap),
        answer(this.spec.legend, signal).then((response) => response.json()),
      ]);
      this.picture = picture;
      this.classes = classNames(legend);
      this.shown = shownBands(legend, this.spec.bands);
      drawLegend(this.legend, legend);
      this.say("");
    } catch (error) {
      if (signal.aborted) return;
      this.picture = null;
      this.say(error.message);
    }
    this.events.onDraw();
  }

  /** Fetch the values once somebody points at the picture. */
  async loadValues() {
    if (this.arrays) return;
    const loading = (this.arrays = []);
    try {
      const arrays = await Promise.all(this.spec.values.map(fetchArray));
      loading.push(...arrays);
    } catch (error) {
      loading.error = error;
    }
    this.events.onDraw();
  }

  say(text) {
    this.message.textContent = text;
    this.message.hidden = !text;
  }

  /**
   * Draw the part of the picture that the view shows.
   * @param {import("./view.js").View} view
   * @param {{cursor: import("./view.js").Place | null, overlay: ImageBitmap | null, opacity: number}} state
   */
  draw(view, { cursor, overlay, opacity }) {
    const size = Math.round(this.stage.clientWidth * devicePixelRatio);
    if (this.canvas.width !== size) this.canvas.width = this.canvas.height = size;
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, size, size);
    context.imageSmoothingEnabled = false; // pixels are data: they stay sharp squares
    if (this.picture) drawWindow(context, this.picture, view, size);
    if (overlay && this.picture) {
      context.globalAlpha = opacity;
      drawWindow(context, overlay, view, size);
      context.globalAlpha = 1;
    }
    if (cursor) drawCrosshair(context, pointOf(view, cursor), size);
    this.showReadout(cursor);
  }

  showReadout(cursor) {
    const text = cursor ? this.textAt(cursor) : "";
    this.readout.textContent = text;
    this.readout.hidden = !text;
  }

  textAt(cursor) {
    if (this.arrays?.error) return this.arrays.error.message;
    if (!this.arrays?.length || !this.shown) return "Loading the values …";
    return readoutAt(this.arrays, { ...this.spec, shown: this.shown, classes: this.classes }, cursor)?.text ?? "";
  }
}

async function fetchArray({ url, bands }) {
  const response = await answer(url);
  return { ...parseNpy(await response.arrayBuffer()), bands };
}

function drawWindow(context, picture, view, size) {
  const { width, height } = picture;
  const span = 1 / view.scale;
  const left = (view.x - span / 2) * width;
  const top = (view.y - span / 2) * height;
  context.drawImage(picture, left, top, span * width, span * height, 0, 0, size, size);
}

function drawCrosshair(context, { px, py }, size) {
  const x = Math.round(px * size) + 0.5;
  const y = Math.round(py * size) + 0.5;
  CROSSHAIR.forEach((colour, i) => {
    context.strokeStyle = colour;
    context.lineWidth = (i ? 1 : 3) * devicePixelRatio;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, size);
    context.moveTo(0, y);
    context.lineTo(size, y);
    context.stroke();
  });
}
