/**
 * A generation from the button to its end: asked for, followed event by event, cancelled.
 *
 * Entry point of the Streamlit component. Python declares what may be asked; it hears of a run when it begins (`run`) and
 * when it has ended (`ended`), and of nothing between. After a reload the run of the address is followed again.
 */

import { element } from "../../browser/dom.js";
import { lasting } from "../../browser/lasting.js";
import { cancel, listenTo, start, stateOf } from "./asking.js";
import { ENDS, hasEnded, newJob, partDone, reduced } from "./events.js";
import { OutputCard } from "./output_card.js";
import { pageOf } from "./page_of.js";
import { told } from "./words.js";

const TICK_MS = 200; // of the bar while nothing is heard
const TITLES_OF_PAIR = " \u2192 "; // between the two modalities of a matrix

const IN_THE_WAY = "Another run of this browser is not finished: wait for it, or cancel it there. ";

class Live {
  constructor(parent) {
    this.root = parent.querySelector(".live");
    this.button = element("button", { type: "button", class: "main", onclick: () => this.begin() });
    this.stop = element("button", { type: "button", class: "quiet", onclick: () => this.cancel() }, "Cancel");
    this.words = element("span", { class: "words", role: "status" });
    this.bar = element("i");
    this.track = element("div", { class: "track", role: "progressbar" }, this.bar);
    this.problem = element("div", { class: "problem", role: "alert" });
    this.outputs = element("div", { class: "outputs" });
    this.film = element("details", { class: "film" }, element("summary", {}, "How it came about"), this.outputs);
    this.root.replaceChildren(
      element("div", { class: "row" }, this.button, element("div", { class: "at" }, this.words, this.track), this.stop),
      this.problem,
      this.film,
    );
    this.cards = new Map();
    this.forget();
  }

  update({ data, setTriggerValue }) {
    this.tell = setTriggerValue;
    this.data = data;
    this.button.textContent = data.label;
    if (data.run && data.run !== this.run) this.meet(data.run);
    else if (!data.run && this.run && !this.pending) this.forget();
    this.draw();
    this.root.dataset.ready = "yes";
  }

  /** Ask for what the page says, and follow it. */
  async begin() {
    if (this.isBusy() || !this.data.ready) return;
    this.forget();
    this.pending = true;
    this.job = newJob();
    this.draw();
    try {
      const { id } = await start(this.data.body);
      this.follow(id);
      this.tell("run", { id, moment: Date.now() });
    } catch (error) {
      this.job = { ...newJob(), state: "failed", error };
      this.inTheWay = error.run ? await addressOf(error.run) : "";
    }
    this.pending = false;
    this.draw();
  }

  /** A run of the address: its result is on the page already, or it is followed. */
  meet(id) {
    if (id !== this.data.shown) return this.follow(id);
    this.forget();
    this.run = id;
    this.job = { ...newJob(), state: "done" };
  }

  /** Listen to a run from its beginning. */
  follow(id) {
    this.forget();
    this.run = id;
    this.job = newJob();
    this.unlisten = listenTo(
      id,
      (name, data) => this.take(id, name, data),
      (pause) => this.resume(id, pause),
    );
    this.ticking = setInterval(() => this.drawBar(), TICK_MS);
  }

  take(id, name, data) {
    if (id !== this.run) return;
    const before = this.job;
    this.job = reduced(before, name, data);
    if (this.job.state === "running" && before.state !== "running") this.runsSince = performance.now();
    if (hasEnded(this.job)) this.end();
    this.draw();
  }

  /** The line is closed for good: the run may be over, unknown by now, or the server away for a while. */
  async resume(id, pause) {
    try {
      const known = await stateOf(id);
      if (id !== this.run) return;
      if (ENDS.includes(known.state)) {
        this.take(id, known.state, { seconds: known.result?.seconds ?? null, ...known.error });
        return;
      }
    } catch (error) {
      if (id !== this.run) return;
      if (!error.retryable) {
        this.take(id, "failed", error);
        return;
      }
    }
    setTimeout(() => id === this.run && !hasEnded(this.job) && this.follow(id), pause);
  }

  end() {
    this.unlisten();
    clearInterval(this.ticking);
    if (this.data.shown !== this.run) setTimeout(() => this.tell("ended", { id: this.run, moment: Date.now() }));
  }

  async cancel() {
    this.cancelling = true;
    this.draw();
    try {
      await cancel(this.run);
    } catch (error) {
      this.cancelling = false;
      this.problem.textContent = error.message;
    }
  }

  /** Nothing is run, or looked at. */
  forget() {
    this.unlisten?.();
    clearInterval(this.ticking);
    this.run = "";
    this.job = null;
    this.inTheWay = ""; // the page of a run that has to end first
    this.cancelling = false;
    this.folded = null;
    for (const card of this.cards.values()) card.close();
    this.cards.clear();
  }

  isBusy() {
    return this.job !== null && !hasEnded(this.job);
  }

  draw() {
    const busy = this.isBusy();
    const { job, data } = this;
    this.root.dataset.state = job?.state ?? "idle";
    this.button.disabled = busy || !data.ready;
    this.button.hidden = busy;
    this.stop.hidden = !busy || !this.run;
    this.stop.disabled = this.cancelling;
    this.stop.textContent = this.cancelling ? "Cancelling\u2026" : "Cancel";
    this.words.textContent =
      busy || job?.state === "cancelled" ? told(job, (name) => this.title(name)) : data.why || data.estimate;
    this.drawProblem();
    this.drawBar();
    this.drawOutputs();
  }

  drawProblem() {
    const message = this.job?.error?.message ?? "";
    this.problem.hidden = !message;
    if (!message || !this.inTheWay) this.problem.textContent = message;
    else this.problem.replaceChildren(IN_THE_WAY, element("a", { href: this.inTheWay }, "Go to that run"));
  }

  drawBar() {
    const busy = this.isBusy();
    this.track.hidden = !busy;
    if (!busy) return;
    const elapsed = this.runsSince ? (performance.now() - this.runsSince) / 1000 : 0;
    const part = partDone(
      this.job,
      this.data.outputs.map(({ modality }) => modality),
      elapsed,
    );
    this.track.classList.toggle("unknown", part === null);
    this.bar.style.width = part === null ? "" : `${(100 * part).toFixed(1)}%`;
    if (part !== null) this.track.setAttribute("aria-valuenow", Math.round(100 * part));
  }

  drawOutputs() {
    const { job, data } = this;
    const coming = ["asked", "queued", "loading"].includes(job?.state);
    const visible = job !== null && (coming || Object.keys(job.outputs).length > 0);
    this.film.hidden = !visible;
    if (!visible) return;
    this.fold(job.state === "done" && data.shown === this.run);
    for (const name of new Set([...data.outputs.map(({ modality }) => modality), ...job.order])) {
      if (!this.cards.has(name)) this.addCard(name);
      this.cards.get(name).show(job.outputs[name]);
    }
  }

  /** Once the result stands below, how it came about takes one line; the user may open it again. */
  fold(folded) {
    if (folded === this.folded) return;
    this.folded = folded;
    this.film.classList.toggle("folded", folded);
    this.film.open = !folded;
  }

  addCard(name) {
    const spec = this.data.outputs.find(({ modality }) => modality === name) ?? { codes: 0, steps: 0 };
    const card = new OutputCard({ ...spec, modality: name, title: this.title(name) });
    this.cards.set(name, card);
    this.outputs.append(card.root);
  }

  /** "input>output" is a cell of a matrix. */
  title(name) {
    return name
      .split(">")
      .map((part) => this.data.titles[part] ?? part)
      .join(TITLES_OF_PAIR);
  }

  close() {
    this.forget();
    this.root.replaceChildren();
  }
}

/** Page of a run; empty where the server can not tell any more. */
async function addressOf(id) {
  try {
    return pageOf(await stateOf(id));
  } catch {
    return "";
  }
}

export default lasting(Live);
