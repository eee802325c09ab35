/** Above the pictures: the button, where playing is and how fast it goes, and a slider that leads anywhere in the shard. */

import { element, grouped, icon } from "../browser/dom.js";
import { duration, place, share, size } from "./meter.js";

const KEY_STEPS = { ArrowLeft: -0.02, ArrowRight: 0.02, PageDown: -0.1, PageUp: 0.1 }; // shares of the shard
const KEY_ENDS = { Home: 0, End: 1 };
const SAID = { playing: "Playing", paused: "Paused", stopped: "Stopped", done: "End of the shard" }; // to a reader
const WORDS = {
  ready: "Play",
  playing: "Pause",
  waiting: "Pause",
  paused: "Resume",
  stopped: "Resume",
  done: "Play again",
};
const SHAPES = { play: "M6 3.5v13l11-6.5z", pause: "M5 3.5h3.5v13H5zM11.5 3.5H15v13h-3.5z" };
const SLIDER = {
  role: "slider",
  tabindex: 0,
  "aria-label": "Place in the shard",
  "aria-valuemin": 0,
  "aria-valuemax": 100,
};

/**
 * @typedef {object} Shown what the controls depend on
 * @property {string} status
 * @property {{number: number | null, samples: number | null, position: number, bytes: number}} at
 * @property {import('./meter.js').Meter} meter
 * @property {number} count samples that came
 * @property {number} notes of what was skipped
 * @property {{samples: number | null, bytes: number | null}} data how much there is to play
 */

export class Controls {
  /** @param {{onToggle: () => void, onPoint: (part: number) => void, onStep: (part: number) => void}} events parts: 0 to 1 */
  constructor({ onToggle, onPoint, onStep }) {
    this.events = { onPoint, onStep };
    this.button = element("button", { type: "button", class: "main", onclick: onToggle });
    this.place = element("b", { class: "where" });
    this.told = element("span", { class: "told" });
    this.said = element("span", { class: "said", role: "status" }); // the numbers change too often to be read out
    this.filled = element("div", { class: "filled" });
    this.bar = element(
      "div",
      {
        class: "bar",
        title: "Play from here",
        ...SLIDER,
        onclick: (event) => this.#point(event),
        onkeydown: (event) => this.#step(event),
      },
      this.filled,
    );
    const line = element("div", { class: "line" }, this.place, this.told, this.said);
    this.node = element(
      "div",
      { class: "controls" },
      this.button,
      element("div", { class: "progress" }, line, this.bar),
    );
  }

  /** @param {Shown} shown */
  draw(shown) {
    const { status, at, count } = shown;
    const word = WORDS[status];
    if (this.button.dataset.word !== word) {
      this.button.dataset.word = word;
      this.button.replaceChildren(icon(word === "Pause" ? SHAPES.pause : SHAPES.play), element("span", {}, word));
    }
    const fresh = !at.position && !count;
    this.place.textContent = fresh ? whole(shown.data) : place(at);
    this.told.textContent = fresh ? "" : speed(shown, performance.now());
    const said = SAID[status] ?? "";
    if (this.said.textContent !== said) this.said.textContent = said;
    this.at = at;
    const percent = 100 * share(at);
    this.filled.style.width = `${percent}%`;
    this.bar.setAttribute("aria-valuenow", String(Math.round(percent)));
    this.bar.setAttribute("aria-valuetext", this.place.textContent);
  }

  #point(event) {
    const { left, width } = this.bar.getBoundingClientRect();
    this.events.onPoint(inside((event.clientX - left) / width));
  }

  #step(event) {
    const part = KEY_ENDS[event.key] ?? share(this.at) + KEY_STEPS[event.key];
    if (Number.isNaN(part)) return; // another key
    event.preventDefault();
    this.events.onStep(inside(part));
  }
}

function inside(part) {
  return Math.min(1, Math.max(0, part));
}

/** How much there is to play. */
function whole({ samples, bytes }) {
  return [samples && `${grouped(samples)} samples`, bytes && size(bytes)].filter(Boolean).join(" \u00b7 ");
}

/** Bytes, speed, what is left, and what was skipped. */
function speed({ status, at, meter, notes }, now) {
  if (!meter.total) return "";
  const rate = status === "playing" ? meter.rate(now) : null;
  const left = rate && at.bytes ? (at.bytes - at.position) / rate : null;
  const told = [
    `${size(meter.total)} read`,
    rate && `${size(rate)}/s`,
    left && left > 1 && `${duration(left)} left`,
    notes && `${grouped(notes)} skipped`,
    status === "done" && "end of the shard",
  ];
  return told.filter(Boolean).join(" \u00b7 ");
}
