/**
 * The reader: the pictures of a patch beside its annotations, each pointing at the other.
 * Entry point of the Streamlit component; one Reader lives as long as its element.
 */

import { element } from "../../browser/dom.js";
import { lasting } from "../../browser/lasting.js";
import { listenToKeys } from "../../viewer/keys.js";
import { Prefetch } from "../../viewer/prefetch.js";
import { Stepper } from "../../viewer/stepper.js";
import { viewFromText } from "../../viewer/view.js";
import { actionsOf } from "./actions.js";
import { drawnMark } from "./box_drawing.js";
import { Controls } from "./controls.js";
import { List } from "./list.js";
import { Pictures } from "./pictures.js";
import { Answers, isAsked, judged } from "./quiz.js";
import { Readings } from "./readings.js";
import { Reporter } from "./report.js";
import { marksOf, withSigns } from "./row_marks.js";

const answers = new Answers(sessionStorageOrNone());

class Reader {
  constructor(parent) {
    Object.assign(this, {
      rows: [],
      hovered: null,
      pinned: null,
      quiz: false,
      only: false,
      drawingFor: null,
      wanted: null,
      arriving: false,
    });
    this.pictures = new Pictures({
      preset: (modality, preset) => this.setTriggerValue("preset", { modality, preset }),
      hover: (at) => this.hover(at, true),
      pick: (at) => this.pick(at),
      moved: () => this.reporter.soon(this),
      drawn: (box) => this.answer(this.drawingFor, box),
    });
    this.list = new List({
      mean: (at) => this.hover(at, false),
      pick: (at) => this.pick(at === this.pinned ? null : at),
      answer: (at, given) => this.answer(at, given),
      draw: (at) => this.drawFor(at === this.drawingFor ? null : at),
    });
    this.readings = new Readings(() => this.showReadings());
    this.reporter = new Reporter((report) => this.setStateValue("arranged", report));
    this.stepper = new Stepper((direction) => this.setTriggerValue("step", direction));
    this.prefetch = new Prefetch();
    const actions = actionsOf(this);
    this.controls = new Controls(actions, { only: () => this.setOnly(!this.only), reset: () => this.resetScore() });
    this.root = parent.querySelector(".reader");
    this.root.replaceChildren(
      element("div", { class: "left" }, this.controls.view, this.controls.help, this.pictures.root),
      element("div", { class: "right" }, this.controls.words, this.list.root),
    );
    this.closing = new AbortController();
    listenToKeys(actions, this.closing.signal);
  }

  update({ data, setStateValue, setTriggerValue }) {
    this.setStateValue = setStateValue;
    this.setTriggerValue = setTriggerValue;
    const another = this.data?.sample !== data.sample;
    const sent = another || this.data.goto !== data.goto;
    this.data = data;
    this.matching = data.matching && new Set(data.matching);
    this.stepper.ways = data.ways;
    this.pictures.arrange(data.panels, data.blank);
    if (sent) this.begin(data.start);
    if (another) this.arrive();
    this.readings.from(data.readings);
    this.showRows();
  }

  /** Follow the address: of a link, or of the back button. */
  begin({ view, row }) {
    this.reporter.stop();
    this.pictures.view = viewFromText(view);
    this.pinned = null;
    this.wanted = row;
    this.arriving = true;
  }

  arrive() {
    this.prefetch.stop();
    this.stepper.arrive();
    this.drawFor(null);
    this.hovered = null;
    this.list.root.scrollTop = 0;
  }

  showReadings() {
    const { items, error } = this.readings;
    this.root.setAttribute("aria-busy", String(!items && !error));
    this.root.classList.toggle("reading", !items && !error);
    this.rows = items ? withSigns(items) : [];
    this.list.arrange(this.rows, this.data.checked);
    if (items) this.prefetch.start(this.data.nearby);
    this.showRows();
  }

  showRows() {
    const { items, error } = this.readings;
    this.controls.setOnly({ matching: this.matching?.size ?? null, all: this.rows.length, on: this.only });
    this.controls.setQuiz(this.quiz, answers.score);
    if (items || error) this.controls.words.hidden = !this.rows.length; // no jumping while the next patch is read
    if (error) this.list.say("The annotations could not be read", error.message, () => this.readings.load());
    else if (!items) this.list.say("Reading the annotations …", "");
    else if (!items.length) this.list.say("No annotations", "BigEarthNet.txt says nothing about this patch.");
    else this.list.show(this.only ? this.matching : null, (row) => this.stateOf(row));
    this.pictures.cover(this.quiz);
    this.seek();
    this.point();
  }

  /** Once a patch's rows are there, highlight the row of the address, or bring the first that matches into view. */
  seek() {
    if (!this.arriving || !this.rows.length) return;
    this.arriving = false;
    this.pinned = this.rows.find(({ ID }) => ID === this.wanted)?.at ?? null;
    const first = this.list.first(this.matching);
    requestAnimationFrame(() => this.list.reveal(this.pinned ?? first, this.pinned !== null));
  }

  stateOf(row) {
    return {
      quiz: this.quiz,
      answer: answers.of(this.keyOf(row)),
      drawing: row.at === this.drawingFor,
      matches: this.matching?.has(row.at) ?? false,
      terms: this.data.terms,
    };
  }

  /** @returns {string} what the answer to a row is kept under: collections share numbers */
  keyOf({ ID }) {
    return `${this.data.revision}/${ID}`;
  }

  /** Show which row is meant: under the mouse or the focus, or else the one that was clicked. */
  point() {
    const meant = this.hovered ?? this.drawingFor ?? this.pinned;
    const hides = (row) => this.quiz && isAsked(row) && !answers.of(this.keyOf(row));
    const rows = this.only && this.matching ? this.rows.filter(({ at }) => this.matching.has(at)) : this.rows;
    const marks = marksOf(rows, { meant, hides });
    const given = this.quiz && rows.find(({ at }) => at === meant);
    const own = given && answers.of(this.keyOf(given))?.given;
    this.pictures.show(Array.isArray(own) ? [...marks, drawnMark(own)] : marks);
    this.list.mean(meant, this.pinned);
  }

  hover(at, fromPicture) {
    if (at === this.hovered) return;
    this.hovered = at;
    this.point();
    if (at !== null && fromPicture) this.list.reveal(at, false);
  }

  pick(at) {
    this.pinned = at;
    this.hovered = null; // a finger leaves no picture, so the last one it touched would still be meant
    this.point();
    if (at !== null) this.list.reveal(at);
    this.reporter.soon(this);
  }

  answer(at, given) {
    const row = this.rows[at];
    if (!row || !this.quiz || !isAsked(row)) return;
    answers.give(this.keyOf(row), judged(row, given));
    this.drawingFor = null;
    this.pictures.drawing.stop();
    const hadFocus = this.list.focused === at; // its button goes
    this.list.refresh(at, (each) => this.stateOf(each));
    if (hadFocus) this.list.views.get(at).root.focus({ preventScroll: true });
    this.controls.setQuiz(this.quiz, answers.score);
    this.point();
  }

  drawFor(at) {
    const before = this.drawingFor;
    this.drawingFor = at;
    if (at === null) this.pictures.drawing.stop();
    else this.pictures.drawing.start();
    for (const each of [before, at]) if (each !== null) this.list.refresh(each, (row) => this.stateOf(row));
    if (before !== at) this.point();
  }

  setQuiz(quiz) {
    this.quiz = quiz;
    this.drawFor(null);
    this.showRows();
  }

  resetScore() {
    answers.reset();
    this.showRows();
  }

  setOnly(only) {
    this.only = only && this.matching !== null;
    this.showRows();
  }

  setMarks(shown) {
    this.pictures.setShown(shown);
    this.controls.setMarks(shown);
  }

  close() {
    this.closing.abort();
    this.readings.close();
    this.prefetch.stop();
    this.stepper.forget();
    this.reporter.stop();
    this.pictures.close();
    this.root.replaceChildren();
  }
}

export default lasting(Reader);

/** @returns {Storage | null} a browser may forbid it */
function sessionStorageOrNone() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}
