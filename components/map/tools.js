/** Box and lasso: draws on a sheet over the map while a tool is active or Shift is held, and reports what was drawn. */

import { boxSelection, lassoSelection } from "./lasso.js";
import { svg } from "../browser/dom.js";

/** @typedef {'none' | 'box' | 'lasso'} Tool */

/** The drawing sheet of one map. */
export class SelectionTools {
  #path = null;
  #drawing = "none";

  /**
   * @param {HTMLElement} container of the map
   * @param {{view: () => import('./mercator.js').View, onSelect: (selection: object) => void, onTool: (tool: Tool) => void}} options
   */
  constructor(container, { view, onSelect, onTool }) {
    this.view = view;
    this.onSelect = onSelect;
    this.onTool = onTool;
    /** @type {Tool} */
    this.tool = "none";
    this.container = container;
    this.shape = svg("path", { class: "drawing" });
    container.append(svg("svg", { class: "sheet", "aria-hidden": "true" }, this.shape));
    // Captured before the map sees them, so that drawing never pans.
    container.addEventListener("pointerdown", (event) => this.#down(event), { capture: true });
    container.addEventListener("pointermove", (event) => this.#move(event), { capture: true });
    container.addEventListener("pointerup", (event) => this.#up(event), { capture: true });
    container.addEventListener("pointercancel", () => this.#stop(), { capture: true });
  }

  /** @param {Tool} tool */
  choose(tool) {
    this.tool = tool === this.tool ? "none" : tool;
    this.container.dataset.tool = this.tool;
    this.onTool(this.tool);
  }

  /** Put the tool away and forget a half-drawn shape. @returns {boolean} whether there was anything to stop */
  stop() {
    const busy = this.tool !== "none" || this.#path !== null;
    this.#stop();
    if (this.tool !== "none") this.choose("none");
    return busy;
  }

  #down(event) {
    const wanted = this.tool === "none" && event.shiftKey ? "box" : this.tool;
    if (wanted === "none" || event.button !== 0 || event.target.closest(".chrome")) return;
    event.stopPropagation();
    event.preventDefault();
    this.container.setPointerCapture(event.pointerId);
    this.#drawing = wanted;
    this.#path = [this.#position(event)];
  }

  #move(event) {
    if (!this.#path) return;
    event.stopPropagation();
    const position = this.#position(event);
    if (this.#drawing === "lasso") this.#path.push(position);
    else this.#path[1] = position;
    this.shape.setAttribute("d", this.#outline());
  }

  #up(event) {
    if (!this.#path) return;
    event.stopPropagation();
    const path = this.#path;
    const selection =
      this.#drawing === "lasso"
        ? lassoSelection(this.view(), path)
        : path.length > 1 && boxSelection(this.view(), path[0], path[1]);
    this.#stop();
    if (!selection) return;
    if (this.tool !== "none") this.choose("none");
    this.onSelect(selection);
  }

  #stop() {
    this.#path = null;
    this.#drawing = "none";
    this.shape.setAttribute("d", "");
  }

  #position(event) {
    const { left, top } = this.container.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #outline() {
    if (this.#drawing === "lasso") return `M${this.#path.map(([x, y]) => `${x} ${y}`).join("L")}Z`;
    const [[ax, ay], [bx, by]] = this.#path;
    return `M${ax} ${ay}H${bx}V${by}H${ax}Z`;
  }
}
