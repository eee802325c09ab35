/**
 * What checking answers against reference maps has found: a line per task, and below the rows of the cell that is chosen.
 *
 * Every row is a real link to the patch with this row marked; a plain click goes through Python, which keeps the session.
 */

import { element, grouped, takesClick } from "../../browser/dom.js";
import { queryOf } from "../../browser/requests.js";
import { pageBar } from "../../results/page_bar.js";
import { OUTCOMES, sayingOf, shares, totalOf } from "./numbers.js";

const NOT_CHECKED = 3; // place of what is not checked among a line's counts

class Findings {
  constructor(root) {
    this.matrix = element("table", {});
    this.bar = element("div", { class: "bar" });
    this.list = element("ol", { class: "list" });
    this.files = element("p", { class: "files" });
    root.append(element("div", { class: "wide" }, this.matrix), this.bar, this.list, this.files);
    this.drawn = "";
  }

  receive(data, events) {
    this.data = data;
    this.events = events;
    const drawn = JSON.stringify(data);
    if (drawn === this.drawn) return; // drawn again every second while a check runs: leave the focus alone
    this.drawn = drawn;
    this.#drawMatrix();
    const task = data.tasks.find(({ task }) => task === data.chosen);
    const what = `${sayingOf(data.outcome, data.pages[2])}${task ? ` in ${task.title}` : ""}`;
    this.bar.replaceChildren(...pageBar(data.pages, what, (by) => events.trigger("turned", { by })));
    this.list.replaceChildren(...data.items.map((item) => this.#row(item)));
    const files = data.files.map(([title, href]) => element("a", { href, download: true }, title));
    this.files.replaceChildren(...files, element("span", {}, "Licence and credit are in each."));
  }

  #drawMatrix() {
    const { tasks } = this.data;
    const head = element(
      "tr",
      {},
      element("th", { scope: "col" }, "Task"),
      element("th", { scope: "col", class: "share" }, "Share of what was checked"),
      ...OUTCOMES.map(([title, , outcome]) => element("th", { scope: "col", class: `number ${outcome}` }, title)),
      element("th", { scope: "col", class: "number" }, "Not checked"),
    );
    const lines = tasks.map((line) => this.#line(line));
    if (tasks.length > 1) lines.push(this.#line({ task: "", title: "All tasks", counts: totalOf(tasks) }));
    this.matrix.replaceChildren(element("thead", {}, head), element("tbody", {}, ...lines));
  }

  #line({ task, title, counts }) {
    return element(
      "tr",
      { class: task ? "" : "total" },
      element("th", { scope: "row" }, title),
      element("td", { class: "share" }, this.#bar(counts)),
      ...OUTCOMES.map((outcome, place) => this.#cell(task, title, outcome, counts, place)),
      element("td", { class: "number quiet" }, counts[NOT_CHECKED] ? grouped(counts[NOT_CHECKED]) : "\u2013"),
    );
  }

  #bar(counts) {
    const parts = shares(counts).map((share, place) => {
      const part = element("i", { class: OUTCOMES[place][2] });
      part.style.width = `${100 * share}%`;
      return part;
    });
    return element("span", { class: "stack" }, ...parts);
  }

  #cell(task, title, [name, , outcome], counts, place) {
    if (!counts[place]) return element("td", { class: "number quiet" }, "\u2013");
    const pressed = task === this.data.chosen && outcome === this.data.outcome;
    const share = element("small", {}, ` ${(100 * shares(counts)[place]).toFixed(1)}%`);
    const button = element(
      "button",
      {
        type: "button",
        "aria-pressed": String(pressed),
        title: `List: ${title}, ${name.toLowerCase()}`,
        "data-task": task,
        "data-outcome": outcome,
        onclick: () => this.events.trigger("chosen", { task, outcome }),
      },
      grouped(counts[place]),
      share,
    );
    return element("td", { class: "number" }, button);
  }

  #row({ row, sample, task, question, answer, found, reason }) {
    const link = element(
      "a",
      {
        class: row === this.data.row ? "row current" : "row",
        href: `${this.data.page}${queryOf(this.data.query, `sample=${encodeURIComponent(sample)}`, `row=${row}`)}`,
        title: `Open ${sample}`,
        "data-row": row,
        onclick: (event) => this.#open(event, sample, row),
      },
      element("span", { class: "head" }, element("b", {}, task), element("span", { class: "id" }, `#${row}`)),
      element("span", { class: "question" }, question),
      answer && element("span", { class: "answer short" }, answer),
      element("span", { class: `found ${this.data.outcome}` }, [found, reason].filter(Boolean).join(" ")),
    );
    return element("li", {}, link);
  }

  #open(event, sample, row) {
    if (takesClick(event)) this.events.trigger("opened", { sample, row });
  }
}

const shown = new WeakMap(); // the component's root -> its findings

/**
 * Streamlit calls this on mounting and whenever data or theme change.
 * @param {{data: Record<string, any>, parentElement: ParentNode, setTriggerValue: Function}} component
 */
export default function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".audit");
  if (!shown.has(parentElement)) shown.set(parentElement, new Findings(root));
  shown.get(parentElement).receive(data, { trigger: setTriggerValue });
}
