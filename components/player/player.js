/**
 * The player: a shard from front to back, with pause, and a click on any sample opens it.
 *
 * Pausing ends the request, so nothing is read that nobody sees; resuming begins another one behind the last sample that
 * came. Pictures that come slower than samples make it pause by itself for a moment.
 */

import { element, whenGone } from "../browser/dom.js";
import { debounce, isAbort } from "../browser/requests.js";
import { rememberPlace } from "./address.js";
import { Controls } from "./controls.js";
import { Film } from "./film.js";
import { Meter } from "./meter.js";
import { serverEvents } from "./server_events.js";

const MOST_PENDING = 90; // pictures on their way: more, and samples wait for them
const FEW_PENDING = 20;
const GHOSTS = 27; // empty frames where pictures will be
const ADDRESS_MS = 1000; // how often the address follows while playing
const QUIET_MS = 300; // of the keys before it plays from where they led: one that is held reads nothing on the way

class Player {
  constructor(root, events) {
    this.root = root;
    this.events = events;
    this.film = new Film({
      onOpen: (id) => this.#open(id),
      onPending: (count) => this.#pending(count),
      href: (id) => `compare?dataset=${this.data.dataset}&sample=${encodeURIComponent(id)}`,
    });
    this.controls = new Controls({
      onToggle: () => this.toggle(),
      onPoint: (part) => this.#seek(part),
      onStep: (part) => this.#step(part),
    });
    this.path = globalThis.location.pathname;
    this.playSoon = debounce(() => this.play(), QUIET_MS);
    this.notice = element("div", { class: "notice", role: "alert" });
    this.notice.hidden = true;
    this.promise = element("p");
    const ghosts = Array.from({ length: GHOSTS }, () => element("i"));
    this.empty = element("div", { class: "empty" }, element("div", { class: "grid" }, ...ghosts), this.promise);
    root.append(this.controls.node, this.notice, this.empty, this.film.node);
    root.addEventListener("keydown", (event) => {
      if (event.key !== " " || event.target.closest("button, a")) return;
      event.preventDefault();
      this.toggle();
    });
  }

  receive(data, events) {
    const before = this.data;
    this.events = events;
    this.data = data;
    if (before?.place.shard !== data.place.shard || before.place.split !== data.place.split) this.#begin(data.start);
    else if (before.listen !== data.listen) this.#change(before);
    this.#draw();
    this.root.dataset.ready = "yes";
  }

  toggle() {
    if (this.#goes()) this.pause();
    else if (this.status === "done") {
      this.#begin("");
      this.play();
    } else this.play();
  }

  /** Listen from where it stopped, until it is told otherwise. */
  async play() {
    this.playSoon.cancel();
    this.controller?.abort();
    const controller = (this.controller = new AbortController());
    this.status = "playing";
    this.#tell("");
    this.#draw();
    try {
      for await (const { name, data } of serverEvents(this.#address(), controller.signal)) {
        if (controller.signal.aborted) return;
        this.#take(name, data);
      }
      if (this.status === "playing") throw new Error("The server ended the stream. Play goes on where it stopped.");
    } catch (error) {
      if (controller.signal.aborted || isAbort(error)) return;
      this.#stop("stopped");
      this.#tell(error.message);
    }
  }

  /** Stop reading; everything stays. */
  pause() {
    this.#stop("paused");
  }

  /** Forget the component: pictures that still come must not make it go on. */
  close() {
    this.playSoon.cancel();
    this.controller?.abort();
    this.status = "closed";
    this.film.clear();
    clearTimeout(this.addressTimer);
  }

  /** Whether it plays, or waits for pictures and then goes on by itself. */
  #goes() {
    return this.status === "playing" || this.status === "waiting";
  }

  #begin(start) {
    this.playSoon.cancel();
    this.controller?.abort();
    this.status = "ready";
    this.start = start;
    this.at = { number: null, samples: this.data.samples, position: 0, bytes: this.data.bytes };
    this.from = null; // position to go on from; null: the beginning, or the sample to start with
    this.last = start; // the sample that the address names
    this.count = 0;
    this.notes = 0;
    this.meter = new Meter();
    this.film.clear();
    this.#tell("");
  }

  /** Another look or pace goes on behind the last sample; another modality lies in another file, so it goes by name. */
  #change(before) {
    const playing = this.#goes();
    const another = before.place.modality !== this.data.place.modality;
    this.#stop("paused");
    if (another) this.#begin(this.last);
    if (playing) this.play();
  }

  #address() {
    const { listen } = this.data;
    if (this.from !== null) return `${listen}&after=${this.from}`;
    return this.start ? `${listen}&sample=${encodeURIComponent(this.start)}` : listen;
  }

  #take(name, data) {
    if (name === "begin") {
      this.at = { ...this.at, position: data.position, bytes: data.size, samples: data.samples ?? this.at.samples };
      this.from ??= data.position;
      this.meter.restart();
    } else if (name === "sample" || name === "note") {
      this.meter.add(Math.max(0, data.position - this.at.position), performance.now());
      this.from = data.position;
      this.at = { ...this.at, position: data.position, number: data.number ?? this.at.number };
      if (name === "sample") this.#sample(data);
      else this.#note(data);
    } else if (name === "done") {
      this.at.position = this.at.bytes;
      this.#stop("done");
    } else if (name === "error") {
      this.#stop("stopped");
      this.#tell(data.message);
    }
    this.#draw();
  }

  #sample(sample) {
    this.count += 1;
    this.last = sample.id;
    this.film.add(sample);
    this.addressTimer ??= setTimeout(() => this.#remember(), ADDRESS_MS);
  }

  #note(note) {
    this.notes += 1;
    this.film.note(note);
  }

  #seek(part) {
    if (this.#goTo(part)) this.play();
  }

  /** A key that is held leads on; where it ends is played. */
  #step(part) {
    if (!this.#goTo(part)) return;
    this.#stop("paused");
    this.playSoon();
  }

  /** Stand at a share of the shard, 0 to 1, without a picture; says whether that can be told in bytes. */
  #goTo(part) {
    if (!this.at.bytes) return false;
    this.controller?.abort();
    this.film.clear();
    this.from = Math.floor(part * this.at.bytes);
    this.at = { ...this.at, position: this.from, number: null };
    return true;
  }

  #pending(count) {
    if (this.status === "playing" && count > MOST_PENDING) {
      this.controller.abort();
      this.status = "waiting";
      this.#draw();
    } else if (this.status === "waiting" && count < FEW_PENDING) this.play();
  }

  #open(id) {
    this.last = id;
    this.#stop("paused");
    this.events.trigger("opened", id);
  }

  #stop(status) {
    this.playSoon.cancel();
    this.controller?.abort();
    this.status = status;
    this.#remember();
    this.#draw();
  }

  #remember() {
    clearTimeout(this.addressTimer);
    this.addressTimer = undefined;
    if (this.last) rememberPlace({ ...this.data.place, sample: this.last }, this.path);
  }

  #tell(message) {
    this.notice.hidden = !message;
    this.notice.replaceChildren(
      element("span", {}, message),
      element("button", { type: "button", onclick: () => this.play() }, "Go on"),
    );
  }

  #draw() {
    this.controls.draw(this);
    this.empty.hidden = this.film.grid.childElementCount > 0;
    this.promise.textContent = this.#goes()
      ? "Waiting for the first sample\u2026"
      : "Press Play, and the samples appear here in the order of the file.";
    Object.assign(this.root.dataset, { status: this.status, count: this.count, notes: this.notes });
  }
}

const players = new WeakMap(); // the component's root -> its player

/**
 * Streamlit calls this on mounting and whenever data or theme change.
 * @param {{data: Record<string, any>, parentElement: ShadowRoot, setTriggerValue: Function}} component
 * @returns {() => void} called when the component goes
 */
export default function mount({ data, parentElement, setTriggerValue }) {
  const events = { trigger: setTriggerValue };
  const root = parentElement.querySelector(".player");
  if (!players.has(parentElement)) players.set(parentElement, new Player(root, events));
  const player = players.get(parentElement);
  player.receive(data, events);
  return () => whenGone(parentElement, () => player.close());
}
