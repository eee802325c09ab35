/** The tokens of an output as coloured cells: those that are not decided yet are bare, and new ones come one by one. */

import { tokenColour } from "./token_colours.js";

const COMING_MS = 650; // from the first new cell to the last
const GAP = 0.08; // between cells, of a cell

export class TokenMap {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.since = new Map(); // index of a cell -> when it was decided
    this.still = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
  }

  /**
   * @param {import("./events.js").TokenMap} tokens
   * @param {number} codes of the tokenizer
   */
  show(tokens, codes) {
    if (tokens === this.tokens) return;
    this.tokens = tokens;
    this.codes = codes;
    this.#note(tokens);
    this.#soon();
  }

  /** New cells begin at moments of their own, so that the eye sees them come. */
  #note({ grid, decided }) {
    const now = performance.now();
    const width = grid[0]?.length ?? 0;
    grid.forEach((row, y) =>
      row.forEach((_, x) => {
        const index = y * width + x;
        if (!decided[y]?.[x]) this.since.delete(index);
        else if (!this.since.has(index))
          this.since.set(index, this.still ? -Infinity : now + scattered(index) * COMING_MS);
      }),
    );
  }

  #soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.#draw()) this.#soon();
    });
  }

  /** @returns {boolean} whether cells are still to come */
  #draw() {
    const { grid } = this.tokens;
    const rows = grid.length;
    const columns = grid[0]?.length ?? 0;
    const size = Math.round(this.canvas.clientWidth * (globalThis.devicePixelRatio || 1)) || 1;
    if (this.canvas.width !== size) this.canvas.width = this.canvas.height = size;
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, size, size);
    const cell = size / Math.max(rows, columns, 1);
    const gap = cell * GAP;
    const now = performance.now();
    let pending = false;
    grid.forEach((row, y) =>
      row.forEach((code, x) => {
        const since = this.since.get(y * columns + x);
        if (since === undefined) return;
        if (since > now) return void (pending = true);
        context.fillStyle = `rgb(${tokenColour(code, this.codes).join(" ")})`;
        context.fillRect(x * cell + gap / 2, y * cell + gap / 2, cell - gap, cell - gap);
      }),
    );
    return pending;
  }

  /** Draw no more. */
  close() {
    cancelAnimationFrame(this.frame);
  }
}

/** A number from 0 to 1 that differs between neighbours, always the same for the same cell. */
function scattered(index) {
  return (Math.imul(index + 1, 0x9e3779b1) >>> 0) / 2 ** 32;
}
