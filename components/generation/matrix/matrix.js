/**
 * A matrix of pictures: rows are inputs, columns outputs. Below each picture stands its error, on a ground that says how
 * much less or more it is than that of the best constant guess.
 */

import { element } from "../../browser/dom.js";
import { lasting } from "../../browser/lasting.js";
import { groundOf } from "./ground.js";

class Matrix {
  constructor(parent) {
    this.root = parent.querySelector(".matrix");
    this.shown = "";
  }

  update({ data, setTriggerValue }) {
    this.choose = (cell) => setTriggerValue("chosen", { cell, moment: Date.now() });
    const shown = JSON.stringify([data.rows, data.columns]);
    if (shown !== this.shown) this.draw(data); // else the same pictures: leave them and the focus alone
    this.shown = shown;
    for (const button of this.root.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", button.dataset.cell === data.chosen);
    }
    this.root.dataset.cells = this.root.querySelectorAll("img").length;
  }

  draw({ rows, columns }) {
    const head = element(
      "tr",
      {},
      element("th", { class: "corner" }, element("span", {}, "to →"), element("span", {}, "from ↓")),
      ...columns.map((column) => heading(column, "col")),
    );
    const table = element(
      "table",
      {},
      element("thead", {}, head),
      element("tbody", {}, ...rows.map((row) => this.row(row, columns))),
    );
    this.root.replaceChildren(element("div", { class: "sheet" }, table), key());
  }

  row(row, columns) {
    const cells = row.cells.map((cell, i) => this.cell(cell, `${row.title} → ${columns[i].title}`));
    return element("tr", {}, heading(row, "row"), ...cells);
  }

  cell(cell, title) {
    if (cell.kind === "none") return element("td", { class: "none", title: "Not made" }, "–");
    const about = `${cell.kind === "real" ? "" : `${title}: `}${cell.about}`;
    const said = element("span", { class: "said" }, cell.said);
    said.style.setProperty("--strength", groundOf(cell.skill).strength);
    said.classList.add(groundOf(cell.skill).name);
    const content = [cell.picture ? picture(cell.picture, title) : element("span", { class: "blank" }, "⌖"), said];
    if (!cell.name) return element("td", { class: cell.kind, title: about }, ...content);
    const button = element(
      "button",
      { type: "button", title: about, "data-cell": cell.name, onclick: () => this.choose(cell.name) },
      ...content,
    );
    return element("td", { class: cell.kind }, button);
  }

  close() {
    this.root.replaceChildren();
  }
}

function picture(address, title) {
  return element("img", { src: address, alt: title, loading: "lazy", decoding: "async" });
}

function heading({ title, about }, scope) {
  return element("th", { scope }, title, about && element("small", {}, about));
}

/** What the grounds mean. */
function key() {
  const entries = [
    ["gain", 1, "no error left"],
    ["gain", 0.5, "half of a constant guess's"],
    ["none", 0, "as much"],
    ["loss", 1, "more"],
  ];
  const swatches = entries.map(([name, strength, words]) => {
    const swatch = element("i", { class: name });
    swatch.style.setProperty("--strength", strength);
    return element("span", {}, swatch, words);
  });
  return element("p", { class: "key" }, "Error beside that of the best constant guess:", ...swatches);
}

export default lasting(Matrix);
