/** The right side: the rows of a patch by task, what is counted about them, and moving through them. */

import { element, grouped as thousands } from "../../browser/dom.js";
import { RowView } from "./row_view.js";
import { grouped, missing } from "./tasks.js";

const HEADING_PX = 36; // of a group's heading, which stays at the top of the list

export class List {
  #closed = new Set(); // tasks that the user folded away; they stay so on the next patch

  /** @param {ConstructorParameters<typeof RowView>[1]} events */
  constructor(events) {
    this.events = events;
    this.views = new Map();
    this.summary = element("p", { class: "summary", role: "status" });
    this.groups = element("div", { class: "groups" });
    this.root = element("div", { class: "list" }, this.summary, this.groups);
  }

  /**
   * @param {object[]} rows from `row_marks.withSigns`
   * @param {boolean} checked whether a reference map is there to check answers with
   */
  arrange(rows, checked) {
    this.rows = rows;
    this.views = new Map(rows.map((row) => [row.at, new RowView(row, this.events)]));
    this.checked = checked;
    this.#order = [];
    this.#shown = "";
  }

  /**
   * Show the rows that are wanted.
   * @param {Set<number> | null} only their places; null for all
   * @param {(row: object) => object} stateOf a row, as `RowView.show` takes it
   */
  show(only, stateOf) {
    const shown = this.rows.filter(({ at }) => !only || only.has(at));
    const names = shown.map(({ at }) => at).join();
    if (names !== this.#shown) this.#arrangeGroups(shown, only !== null); // else focus and scrolling stay as they are
    this.#shown = names;
    for (const { at } of shown) this.refresh(at, stateOf);
    this.summary.replaceChildren(...this.#counts(shown.length));
  }

  #arrangeGroups(shown, some) {
    const groups = grouped(shown);
    this.groups.replaceChildren(...groups.map((group) => this.#group(group)));
    this.#order = groups.flatMap(({ rows }) => rows.map(({ at }) => at));
    this.#orderFocus(this.#order[0]);
    const absent = some ? [] : missing(groups);
    if (absent.length) {
      this.groups.append(element("p", { class: "absent" }, `Not among this patch's rows: ${absent.join(" · ")}.`));
    }
  }

  /** Draw one row anew. */
  refresh(at, stateOf) {
    const view = this.views.get(at);
    view?.show(stateOf(view.row));
  }

  /** Replace the rows by words: why there are none. */
  say(title, text, again) {
    this.rows = [];
    this.views.clear();
    this.#order = [];
    this.#shown = "";
    this.summary.replaceChildren();
    const button = again && element("button", { class: "tool", onclick: again }, "Try again");
    this.groups.replaceChildren(
      element("div", { class: "empty", role: "status" }, element("b", {}, title), element("p", {}, text), button),
    );
  }

  /** @param {number | null} meant @param {number | null} pinned */
  mean(meant, pinned) {
    for (const [at, view] of this.views) view.setMeant(at === meant, at === pinned);
  }

  /**
   * Bring a row into view, its group opened where it was folded away. Where the list scrolls by itself, the page does
   * not move: the picture stays under the mouse.
   * @param {number} at
   * @param {boolean} [moves] whether the page may scroll where the list is part of it, as on a phone
   */
  reveal(at, moves = true) {
    const row = this.views.get(at)?.root;
    const group = row?.closest("details");
    if (!group) return;
    group.open = true;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
    if (this.root.scrollHeight <= this.root.clientHeight) {
      if (moves) row.scrollIntoView({ block: "nearest", behavior });
      return;
    }
    const [own, list] = [row.getBoundingClientRect(), this.root.getBoundingClientRect()];
    const above = own.top - list.top - HEADING_PX;
    const below = own.bottom - list.bottom;
    const by = above < 0 ? above : Math.min(Math.max(below, 0), above); // its beginning, where it is too long
    if (by) this.root.scrollBy({ top: by, behavior });
  }

  /** @param {Set<number> | null} rows places @returns {number | undefined} the first of them, as the list shows them */
  first(rows) {
    return this.#order.find((at) => rows?.has(at));
  }

  /** Move the focus through the rows. @param {number} by 1 for the next one, -1 for the one before */
  step(by) {
    const open = this.#order.filter((at) => this.views.get(at).root.closest("details").open);
    const at = open.indexOf(this.focused);
    const next = open[at < 0 ? (by > 0 ? 0 : open.length - 1) : Math.min(Math.max(at + by, 0), open.length - 1)];
    if (next === undefined) return;
    this.#orderFocus(next);
    this.views.get(next).root.focus({ preventScroll: true });
    this.reveal(next);
  }

  /** @returns {number | undefined} the row that has the focus, itself or a button of it */
  get focused() {
    const root = this.groups.getRootNode().activeElement?.closest?.(".row");
    return root ? Number(root.dataset.at) : undefined;
  }

  #order = []; // places of the rows, as they are shown
  #shown = ""; // which rows those are

  /** Tab reaches one row; arrows go on from there. */
  #orderFocus(at) {
    for (const [own, { root }] of this.views) root.tabIndex = own === at ? 0 : -1;
  }

  #group({ key, title, rows }) {
    const heading = element("summary", {}, element("span", { class: "task" }, title), " ", count(rows.length));
    const items = element("ul", { "aria-label": title }, ...rows.map(({ at }) => this.views.get(at).root));
    const note = () => (details.open ? this.#closed.delete(key) : this.#closed.add(key));
    const details = element("details", { class: "group", "data-task": key, ontoggle: note }, heading, items);
    details.open = !this.#closed.has(key);
    return details;
  }

  #counts(shown) {
    const all = this.rows.length;
    const unread = this.rows.filter(({ problem }) => problem).length;
    const splits = [...new Set(this.rows.map(({ split }) => split))].filter(Boolean);
    const words =
      shown === all ? `${thousands(all)} annotations` : `${thousands(shown)} of ${thousands(all)} annotations`;
    return [
      element("b", {}, all === 1 ? "1 annotation" : words),
      ...splits.map((split) =>
        element("span", { class: `badge ${split === "bench" ? "bench" : ""}` }, `${split} split`),
      ),
      unread > 0 && element("span", { class: "badge bad" }, `${unread} could not be read`),
      !this.checked && element("span", { class: "badge" }, "no reference map"),
    ].filter(Boolean);
  }
}

function count(number) {
  return element("span", { class: "count" }, String(number));
}
