/** One annotation in the list: its question, its answer, what the map says of it; in the quiz, its answers to choose. */

import { element } from "../../browser/dom.js";
import { answerList, answerButtons, boxButtons, outcomeOf } from "./answers_view.js";
import { isAsked, isVerdictShown } from "./quiz.js";
import { marked } from "./marked.js";
import { LEAKS, pointedAt, searched } from "./spans.js";
import { isCaption } from "./tasks.js";

const VERDICTS = {
  agree: ["✓", "Agrees"],
  differ: ["≠", "Differs"],
  unknown: ["?", "Can not tell"],
};

export class RowView {
  /**
   * @param {object} row from `row_marks.withSigns`
   * @param {object} events
   * @param {(at: number | null) => void} events.mean the mouse or the focus is on a row
   * @param {(at: number) => void} events.pick
   * @param {(at: number, given: string | number[] | null) => void} events.answer
   * @param {(at: number) => void} events.draw a box is to be drawn
   */
  constructor(row, events) {
    this.row = row;
    this.events = events;
    this.body = element("div", { class: "row-body" });
    const { at } = row;
    this.root = element("li", {
      class: "row",
      tabindex: -1,
      "data-id": row.ID,
      "data-at": at,
      onpointerenter: (event) => event.pointerType === "mouse" && events.mean(at),
      onpointerleave: (event) => event.pointerType === "mouse" && events.mean(null),
      onfocusin: () => events.mean(at),
      onfocusout: () => events.mean(null),
      onclick: (event) => this.clicked(event),
      onkeydown: (event) => event.key === "Enter" && event.target === this.root && events.pick(at),
    });
    if (row.mark) this.root.append(signOf(row.mark));
    this.root.classList.toggle("marked", row.mark !== null);
    this.root.append(this.body);
  }

  clicked(event) {
    if (event.target.closest("button, summary") || getSelection()?.toString()) return; // a hand that selects text
    this.events.pick(this.row.at);
  }

  /**
   * @param {{quiz: boolean, answer: import("./quiz.js").Answer | undefined, drawing: boolean, matches: boolean,
   *   terms: string[]}} state terms: what rows are searched for
   */
  show({ quiz, answer, drawing, matches, terms }) {
    const { row } = this;
    const state = JSON.stringify([quiz, answer, drawing, matches, terms]);
    if (state === this.shown) return; // what has not changed keeps focus and selected text
    this.shown = state;
    const given = quiz ? answer : undefined;
    const asked = quiz && !answer && isAsked(row);
    this.root.classList.toggle("matches", matches);
    this.root.classList.toggle("asked", asked);
    const parts = row.problem
      ? unread(row, terms)
      : isCaption(row)
        ? caption(row, quiz, terms)
        : this.question({ asked, given, drawing, terms });
    if (given) parts.push(outcomeOf(row, given));
    if (isVerdictShown(row, { quiz, asked })) parts.push(verdict(row.verdict));
    this.body.replaceChildren(...parts);
  }

  question({ asked, given, drawing, terms }) {
    const { row, events } = this;
    const parts = marked(row.question, [...pointedAt(row), ...searched(row.question, terms)]);
    const question = element("p", { class: "question" }, ...parts, idOf(row));
    const give = (answer) => events.answer(row.at, answer);
    if (row.type === "bounding box") {
      const numbers = element("p", { class: "numbers" }, row.answer);
      return [
        question,
        asked
          ? boxButtons(
              drawing,
              () => events.draw(row.at),
              () => give(null),
            )
          : numbers,
      ];
    }
    return [question, asked ? answerButtons(row, give, terms) : answerList(row, given, terms)];
  }

  /** @param {boolean} meant @param {boolean} pinned */
  setMeant(meant, pinned) {
    this.root.classList.toggle("meant", meant);
    this.root.classList.toggle("pinned", pinned);
    if (pinned) this.root.setAttribute("aria-current", "true");
    else this.root.removeAttribute("aria-current");
  }
}

/** What tells a row on the pictures: its number, and its colour. */
function signOf({ label, colour }) {
  const sign = element("span", { class: "mark", title: `Mark ${label} on the pictures` }, label);
  sign.style.setProperty("--colour", colour);
  return sign;
}

/** A row that could not be read: its two texts as they are, and why. */
function unread(row, terms) {
  const [input, output] = [row.input, row.output].map((text) => String(text ?? ""));
  return [
    element("p", { class: "note" }, element("b", {}, "Shown as text. "), row.problem),
    element("p", { class: "raw" }, ...marked(input, searched(input, terms)), idOf(row)),
    element("p", { class: "raw" }, ...marked(output, searched(output, terms))),
  ];
}

function idOf({ ID }) {
  return element("span", { class: "id" }, `${ID ?? "no ID"}`);
}

/** The paragraph with what gives answers away marked; during the quiz one asks for it. */
function caption(row, quiz, terms) {
  const { question, answer, leaks } = row;
  const text = element("p", { class: "caption" }, ...marked(answer, [...leaks, ...searched(answer, terms)]));
  const asked = marked(question, searched(question, terms));
  const instruction = element("p", { class: "instruction" }, ...asked, idOf(row));
  const hint = "Show the caption: it may give answers away";
  return [
    instruction,
    quiz ? element("details", { class: "spoiler" }, element("summary", {}, hint), text) : text,
    leaks.length > 0 && !quiz && leakLegend(leaks),
  ].filter(Boolean);
}

function leakLegend(leaks) {
  const kinds = Object.keys(LEAKS).filter((kind) => leaks.some((leak) => leak.kind === kind));
  const items = kinds.map((kind) => element("li", {}, element("mark", { class: `leak ${kind}` }, LEAKS[kind])));
  return element("ul", { class: "leak-legend", "aria-label": "What the caption gives away" }, ...items);
}

function verdict({ outcome, found, reason }) {
  const [sign, words] = VERDICTS[outcome] ?? VERDICTS.unknown;
  const chip = element("b", { class: "chip" }, element("span", { "aria-hidden": "true" }, `${sign} `), words);
  return element("p", { class: `verdict ${outcome}` }, chip, " ", [found, reason].filter(Boolean).join(" "));
}
