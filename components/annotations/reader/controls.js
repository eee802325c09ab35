/** Buttons over the pictures and over the list, the score, and the list of keys: nothing needs a keyboard. */

import { element } from "../../browser/dom.js";

const HELP = [
  ["← →", "previous and next patch"],
  ["↑ ↓", "through the rows"],
  ["Enter, click", "keep a row highlighted"],
  ["Q", "quiz"],
  ["Y, N, A – D", "answer the row that has the focus"],
  ["M", "boxes and points on or off"],
  ["1 – 3", "enlarge a picture"],
  ["Wheel, pinch, + −, 0", "zoom, whole patch"],
  ["Drag, Shift + arrows", "move the picture"],
  ["Esc", "let go of the row, stop drawing"],
  ["?", "this list"],
];

export class Controls {
  /** @param {Record<string, () => void>} actions by the name of their key @param {{only: () => void, reset: () => void}} more */
  constructor(actions, more) {
    const button = (key, sign, label, attributes = {}) => {
      const title = key ? `${label} (key ${key.toUpperCase()})` : label;
      const run = key ? actions[key] : more.only;
      return element("button", { class: "tool", title, "aria-label": label, onclick: run, ...attributes }, sign);
    };
    this.marks = button("m", "Boxes", "Boxes and points on the pictures", { "aria-pressed": "true" });
    this.helpButton = button("?", "Keys", "Keys and gestures", { "aria-expanded": "false" });
    const zooms = [
      button("+", "+", "Zoom in"),
      button("-", "−", "Zoom out"),
      button("0", "Whole patch", "Whole patch"),
    ];
    this.view = element("div", { class: "toolbar", role: "toolbar", "aria-label": "View" });
    this.view.append(...zooms, this.marks, this.helpButton);
    this.quiz = button("q", "Quiz me", "Quiz me", { "aria-pressed": "false" });
    this.only = button("", "Only matching rows", "Only the rows that match the filter", { "aria-pressed": "false" });
    this.score = element("details", { class: "score", hidden: true });
    this.reset = element("button", { class: "tool", onclick: more.reset }, "Reset");
    this.words = element(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Rows" },
      this.quiz,
      this.only,
      this.score,
    );
    const terms = HELP.map(([keys, text]) => element("div", {}, element("dt", {}, keys), element("dd", {}, text)));
    this.help = element("dl", { class: "help", hidden: true }, ...terms);
  }

  toggleHelp() {
    this.help.hidden = !this.help.hidden;
    this.helpButton.setAttribute("aria-expanded", String(!this.help.hidden));
  }

  /** @param {boolean} shown */
  setMarks(shown) {
    this.marks.setAttribute("aria-pressed", String(shown));
  }

  /** @param {{matching: number | null, all: number, on: boolean}} state matching: null where no row is ruled out */
  setOnly({ matching, all, on }) {
    this.only.hidden = matching === null;
    this.only.textContent = `Only matching rows (${matching} of ${all})`;
    this.only.setAttribute("aria-pressed", String(on));
  }

  /**
   * @param {boolean} quiz
   * @param {{right: number, asked: number, tasks: {task: string, right: number, asked: number}[]}} score of the session
   */
  setQuiz(quiz, { right, asked, tasks }) {
    this.quiz.setAttribute("aria-pressed", String(quiz));
    this.score.hidden = !quiz && asked === 0;
    const heading = element("summary", {}, "Score ", element("b", {}, `${right} / ${asked}`));
    const lines = tasks.map((each) =>
      element("li", {}, each.task, " ", element("b", {}, `${each.right} / ${each.asked}`)),
    );
    const rest = asked
      ? [element("ul", {}, ...lines), this.reset]
      : [element("p", {}, "Right answers of all asked, over all patches of this session.")];
    this.score.replaceChildren(heading, element("div", { class: "score-card" }, ...rest));
  }
}
