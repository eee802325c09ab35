/**
 * The filter panel: active conditions as chips, then one foldable list per field with a count and a bar per value.
 *
 * Every click goes to Python as the trigger `changed`; the answer is the next `data`. Ticks show at once.
 */

import { element, grouped } from "../browser/dom.js";
import { ask, queryOf } from "../browser/requests.js";
import { measures } from "./measures.js";
import { months } from "./months.js";

const SHORT_LIST = 6; // values before "show all"
const SEARCH_FROM = 12; // values from which a list gets its own search field
const OPEN_AT_FIRST = ["country", "season", "climate_zone", "time"];

let titles = {}; // of the fields: Python sends them until the first map stands, and no more
let groups = []; // of measures, likewise

class Panel {
  constructor(root, events) {
    this.root = root;
    this.events = events;
    this.sections = new Map();
    this.chips = element("div", { class: "chips", role: "group", "aria-label": "Active filters" });
    this.lists = element("div");
    root.append(this.chips, this.lists);
    this.months = months((from, to) => this.#send({ field: "time", from, to }));
    this.measures = measures({
      onRange: (name, low, high) => this.#send({ field: "range", name, low, high }),
      onRemove: (name) => this.#send({ field: name, remove: "" }),
    });
  }

  receive(data, events) {
    this.events = events;
    titles = { ...titles, ...data.titles }; // another page may have told some of them alone
    groups = data.measures ?? groups;
    this.open = new Set(data.open ?? OPEN_AT_FIRST);
    this.#drawChips(data.active ?? []);
    for (const told of data.fields) {
      const field = { chosen: [], n: told.values.length, ...told };
      this.#section(field).update(field, () => allValues(data, field.name));
    }
    if (data.months) this.#showMonths(data);
    this.#showMeasures(data.ranges);
    this.root.dataset.ready = "yes";
  }

  /** Only on pages that filter by time. */
  #showMonths({ months: { first, counts }, time = ["", ""] }) {
    if (!this.time) {
      this.time = fold("time", "Acquired", this.months.node, this.open.has("time"));
      this.lists.insertBefore(this.time.node, this.sections.get("split")?.node ?? null);
    }
    this.time.badge(time.filter(Boolean).length ? 1 : 0);
    this.months.update({ first, counts: first ? counts.split(",").map(Number) : [] }, time);
  }

  /** Only where the batch index knows something, or the filter asks for it. */
  #showMeasures(ranges) {
    if (!this.contents && ranges && groups.length) {
      this.contents = fold("measures", "Measured contents", this.measures.node, ranges.length > 0);
      this.lists.append(this.contents.node);
    }
    if (!this.contents) return;
    this.contents.node.hidden = !ranges;
    this.contents.badge(ranges?.length ?? 0);
    this.measures.update(groups, ranges ?? []);
  }

  #section(field) {
    if (!this.sections.has(field.name)) {
      const section = valueList(field, this.open.has(field.name), (values) =>
        this.#send({ field: field.name, values }),
      );
      this.sections.set(field.name, section);
      this.lists.append(section.node);
    }
    return this.sections.get(field.name);
  }

  #drawChips(active) {
    const chips = active.map(([field, value, text]) =>
      element(
        "button",
        {
          type: "button",
          class: "chip",
          title: `Remove: ${text}`,
          "data-field": field,
          onclick: () => {
            this.measures.forget(field);
            this.#send({ field, remove: value });
          },
        },
        element("span", {}, text),
        element("span", { class: "cross", "aria-hidden": "true" }, "\u00d7"),
      ),
    );
    const reset = element(
      "button",
      {
        type: "button",
        class: "reset",
        onclick: () => {
          this.measures.forget();
          this.#send({ field: "all" });
        },
      },
      "Reset all",
    );
    this.chips.replaceChildren(...chips, ...(active.length ? [reset] : []));
  }

  #send(change) {
    this.events.trigger("changed", change);
  }
}

/** A foldable section with a badge that counts its chosen values. */
function fold(name, title, content, open) {
  const badge = element("span", { class: "badge" });
  const node = element(
    "details",
    { open, "data-field": name },
    element("summary", {}, element("span", {}, title), badge),
    content,
  );
  return {
    node,
    badge: (count) => {
      badge.textContent = count ? String(count) : "";
    },
  };
}

function valueList({ name }, open, onChange) {
  const title = titles[name];
  const rows = element("div", { class: "rows", role: "group", "aria-label": title });
  const search = element("input", {
    type: "search",
    class: "search",
    placeholder: `Find in ${title.toLowerCase()}`,
    "aria-label": `Find in ${title}`,
    oninput: () => complete(),
  });
  const more = element("button", {
    type: "button",
    class: "more",
    onclick: () => {
      expanded = !expanded;
      complete();
    },
  });
  const section = fold(name, title, element("div", { class: "body" }, search, rows, more), open);
  let expanded = false;
  let field = { values: [], chosen: [], n: 0 };
  let askAll = async () => [];
  let every = null; // all values, once they were asked for

  const toggle = (value, on) => {
    const chosen = new Set(field.chosen);
    if (on) chosen.add(value);
    else chosen.delete(value);
    onChange([...chosen]);
  };
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    const chosen = new Set(field.chosen);
    const values = every ?? field.values;
    const matching = values.filter(([value, , label = value]) => label.toLowerCase().includes(wanted));
    const short = !expanded && !wanted && matching.length > SHORT_LIST + 1;
    const listed = short ? matching.filter(([value], index) => index < SHORT_LIST || chosen.has(value)) : matching;
    const highest = Math.max(1, ...values.map(([, count]) => count));
    rows.replaceChildren(...listed.map((value) => row(value, chosen, highest, toggle)));
    if (!listed.length) rows.append(element("p", { class: "quiet" }, wanted ? "Nothing of that name." : "No values."));
    search.hidden = field.n < SEARCH_FROM;
    more.hidden = Boolean(wanted) || field.n <= SHORT_LIST + 1;
    more.textContent = expanded ? "Show fewer" : `Show all ${field.n}`;
  };
  /** Draw what is here, and ask for the rest of a long list where the user wants to see it. */
  const complete = async () => {
    draw();
    if ((!expanded && !search.value) || every || field.values.length >= field.n) return;
    const asked = field;
    const found = await askAll().catch(() => null); // the short list stays; the map says when the server is away
    if (asked !== field || !found) return;
    every = found;
    draw();
  };
  return {
    node: section.node,
    update: (next, fetchAll) => {
      field = next;
      askAll = fetchAll;
      every = null;
      section.badge(next.chosen.length);
      section.node.hidden = !next.values.length;
      complete();
    },
  };
}

/** All values of a field with their counts, added up over the data sets, the most frequent first. */
async function allValues({ sets, query }, name) {
  const answers = await Promise.all(sets.map(async (set) => (await ask(`/api/${set}/facets${queryOf(query)}`)).json()));
  const counts = new Map();
  for (const { value, count } of answers.flatMap(({ facets }) => facets[name] ?? []))
    counts.set(value, (counts.get(value) ?? 0) + count);
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || a.localeCompare(b));
}

function row([value, count, label = value], chosen, highest, toggle) {
  const box = element("input", { type: "checkbox", onchange: () => toggle(value, box.checked) });
  box.checked = chosen.has(value);
  const node = element(
    "label",
    { class: count ? "" : "zero", title: label, "data-value": value },
    box,
    element("span", { class: "label" }, label),
    element("span", { class: "count" }, grouped(count)),
  );
  node.style.setProperty("--share", `${(100 * count) / highest}%`);
  return node;
}

const panels = new WeakMap(); // the component's root -> its panel

/**
 * Streamlit calls this on mounting and whenever data or theme change.
 * @param {{data: Record<string, any>, parentElement: ParentNode, setTriggerValue: Function}} component
 */
export default function mount({ data, parentElement, setTriggerValue }) {
  const events = { trigger: setTriggerValue };
  const root = parentElement.querySelector(".facets");
  if (!panels.has(parentElement)) panels.set(parentElement, new Panel(root, events));
  panels.get(parentElement).receive(data, events);
}
