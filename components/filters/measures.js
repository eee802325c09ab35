/**
 * Conditions on what was measured of each sample: a menu to add one, and per condition a slider with two ends.
 *
 * A condition that was added and restricts nothing yet lives here alone; Python learns of it with its first end.
 */

import { element, grouped } from "../browser/dom.js";
import { debounce } from "../browser/requests.js";

const QUIET_MS = 250; // of a slider before its value is sent: a key that is held sends once
const ANSWER_MS = 4000; // by then Python has answered, or refused
const STEPS = 100; // of a slider, at least: fine enough to aim, coarse enough for round numbers

/** @typedef {{name: string, title: string, unit: string, low: number, high: number}} Measure */

/**
 * @param {{onRange: (name: string, low: number | null, high: number | null) => void, onRemove: (name: string) => void}} events
 * @returns {{node: HTMLElement, update: (groups: any[], ranges: any[]) => void, forget: (name?: string) => void}}
 */
export function measures({ onRange, onRemove }) {
  const added = new Set(); // names that the user chose from the menu or widened to nothing
  const rows = new Map(); // name -> row
  let known = new Map(); // name -> measure
  let ranges = [];
  const list = element("div", { class: "ranges" });
  const menu = element("select", {
    class: "add",
    "aria-label": "Add a condition on measured contents",
    onchange: () => {
      added.add(menu.value);
      draw();
      rows.get(menu.value)?.focus();
      menu.value = "";
    },
  });
  const node = element("div", { class: "body" }, list, menu);

  const send = (name, low, high) => {
    added.add(name);
    onRange(name, low, high);
  };
  const remove = (name, active) => {
    added.delete(name);
    if (active) onRemove(name);
    else draw();
  };
  const draw = () => {
    const active = new Map(ranges.map((range) => [range[0], range]));
    const wanted = [...known.keys()].filter((name) => active.has(name) || added.has(name));
    for (const [name, row] of rows) {
      if (wanted.includes(name)) continue;
      row.node.remove();
      rows.delete(name);
    }
    wanted.forEach((name, place) => {
      if (!rows.has(name)) rows.set(name, rangeRow(known.get(name), send, remove));
      const row = rows.get(name);
      if (list.children[place] !== row.node) list.insertBefore(row.node, list.children[place] ?? null);
      row.update(active.get(name));
    });
    for (const option of menu.querySelectorAll("option[value]")) option.disabled = wanted.includes(option.value);
  };
  return {
    node,
    update: (groups, next) => {
      if (!known.size) {
        known = new Map(groups.flatMap(([, measures]) => measures.map(measureOf)).map((each) => [each.name, each]));
        menu.replaceChildren(element("option", { value: "" }, "Add a condition\u2026"), ...groups.map(optionGroup));
      }
      ranges = next;
      draw();
    },
    forget: (name) => (name === undefined ? added.clear() : added.delete(name)),
  };
}

function measureOf([name, title, unit, low, high]) {
  return { name, title, unit, low, high };
}

function optionGroup([title, measures]) {
  const options = measures.map((each) => element("option", { value: each[0] }, named(measureOf(each))));
  return element("optgroup", { label: title }, ...options);
}

/** @param {Measure} measure @returns {string} title and unit */
export function named({ title, unit }) {
  return unit ? `${title}, ${unit}` : title;
}

/** @param {Measure} measure @returns {number} distance of two values of its slider, a power of ten */
export function stepOf({ low, high }) {
  return 10 ** Math.floor(Math.log10((high - low) / STEPS) + 1e-9);
}

/**
 * The two ends as Python is told: null leaves an end open, and ends in the wrong order are swapped.
 * @param {string} first text of a number field @param {string} second
 * @returns {[number | null, number | null]}
 */
export function endsOf(first, second) {
  const [low, high] = [first, second].map((text) => (text.trim() === "" ? null : Number(text)));
  return low !== null && high !== null && low > high ? [high, low] : [low, high];
}

/** @param {number} count with a known value @param {number} total @returns {string} */
export function coverage(count, total) {
  if (!count) return "No sample shown has this measured, so none matches.";
  const samples = `${grouped(count)} of ${grouped(total)} samples measured`;
  return count < total ? `${samples}: counts with this condition are partial.` : samples;
}

/** One condition: a name, a slider with two thumbs, and the same two ends as numbers. */
function rangeRow(measure, onRange, onRemove) {
  const { name, low, high } = measure;
  const step = stepOf(measure);
  const decimals = Math.max(0, Math.round(-Math.log10(step)));
  let active = false;
  let mine = null; // ends that the user set and Python has not confirmed: older answers must not undo them

  const send = () => {
    sendSoon.cancel();
    const [from, until] = endsOf(fields[0].value, fields[1].value);
    mine = { from, until, since: performance.now() };
    onRange(name, from, until);
  };
  const sendSoon = debounce(send, QUIET_MS);
  const drop = () => {
    sendSoon.cancel(); // or a key pressed just before would bring the condition back
    onRemove(name, active);
  };
  const isOlder = (from, until) => {
    const answered = mine && mine.from === from && mine.until === until;
    if (answered || (mine && performance.now() - mine.since > ANSWER_MS)) mine = null;
    return mine !== null;
  };
  const fields = ["lowest", "highest"].map((word, end) =>
    element("input", {
      type: "number",
      step: "any",
      placeholder: String([low, high][end]),
      "aria-label": `${measure.title}, ${word}`,
      onchange: () => {
        showThumbs();
        send();
      },
    }),
  );
  const thumbs = ["lowest", "highest"].map((word, end) =>
    element("input", {
      type: "range",
      min: low,
      max: high,
      step,
      "aria-label": `${measure.title}, ${word}, slider`,
      oninput: () => slide(end),
      onchange: () => sendSoon(),
    }),
  );
  const track = element("div", { class: "track" }, ...thumbs);
  const told = element("p", { class: "quiet" });
  const cross = element(
    "button",
    { type: "button", class: "drop", "aria-label": `Remove ${measure.title}`, onclick: () => drop() },
    "\u00d7",
  );
  const node = element(
    "div",
    { class: "range", role: "group", "aria-label": measure.title, "data-measure": name },
    element("div", { class: "head" }, element("span", {}, named(measure)), cross),
    track,
    element("div", { class: "ends" }, fields[0], element("span", {}, "to"), fields[1]),
    told,
  );

  /** A thumb moved: it does not pass the other, and at its end of the track it leaves that end open. */
  const slide = (end) => {
    const [first, second] = thumbs.map((thumb) => Number(thumb.value));
    if (first > second) thumbs[end].value = thumbs[1 - end].value;
    const value = Number(thumbs[end].value);
    fields[end].value = value === [low, high][end] ? "" : value.toFixed(decimals);
    mine = { since: performance.now() };
    paint();
  };
  const showThumbs = () => {
    thumbs.forEach((thumb, end) => {
      thumb.value = fields[end].value === "" ? [low, high][end] : fields[end].value;
    });
    paint();
  };
  const paint = () => {
    const [start, stop] = thumbs.map((thumb) => (Number(thumb.value) - low) / (high - low));
    track.style.setProperty("--start", start);
    track.style.setProperty("--stop", stop);
    track.classList.toggle("crowded", start > 0.5); // both thumbs may lie at the right end: the left one stays on top
  };
  return {
    node,
    focus: () => thumbs[0].focus(),
    update: (range) => {
      active = Boolean(range);
      const [, from, until, count, total] = range ?? [name, null, null];
      if (!isOlder(from, until)) {
        [fields[0].value, fields[1].value] = [from ?? "", until ?? ""];
        showThumbs();
      }
      told.textContent = active ? coverage(count, total) : "Move an end to set the condition.";
    },
  };
}
