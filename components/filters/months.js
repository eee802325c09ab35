/** Histogram of months with a range that can be dragged, and two date fields that say the same in numbers. */

import { element, grouped, svg } from "../browser/dom.js";

const WIDTH = 240; // of the drawing's own coordinates; it stretches to the panel
const HEIGHT = 44;
const MONTHS_A_YEAR = 12;

/**
 * @param {(from: string, to: string) => void} onRange days as YYYY-MM-DD; empty for open ends
 * @returns {{node: HTMLElement, update: (months: {first: string, counts: number[]}, time: [string, string]) => void}}
 */
export function months(onRange) {
  const bars = svg("g");
  const chosen = svg("rect", { class: "range", y: 0, height: HEIGHT });
  const chart = svg(
    "svg",
    { class: "months", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" },
    chosen,
    bars,
  );
  const from = element("input", {
    type: "date",
    "aria-label": "First day",
    onchange: () => onRange(from.value, to.value),
  });
  const to = element("input", {
    type: "date",
    "aria-label": "Last day",
    onchange: () => onRange(from.value, to.value),
  });
  const axis = element("div", { class: "axis" });
  const empty = element("p", { class: "quiet" }, "No sample with a date matches.");
  const node = element(
    "div",
    { class: "time" },
    chart,
    axis,
    element("div", { class: "dates" }, from, element("span", {}, "to"), to),
    empty,
  );
  let state = { first: "", counts: [] };
  let anchor = null;

  const indexAt = (event) => {
    const { left, width } = chart.getBoundingClientRect();
    const share = (event.clientX - left) / width;
    return Math.min(state.counts.length - 1, Math.max(0, Math.floor(share * state.counts.length)));
  };
  const paintRange = (start, end) => {
    const step = WIDTH / Math.max(1, state.counts.length);
    chosen.setAttribute("x", start * step);
    chosen.setAttribute("width", Math.max(0, (end - start + 1) * step));
  };
  chart.addEventListener("pointerdown", (event) => {
    if (!state.counts.length) return;
    anchor = indexAt(event);
    chart.setPointerCapture(event.pointerId);
    paintRange(anchor, anchor);
  });
  chart.addEventListener("pointermove", (event) => {
    if (anchor === null) return;
    const here = indexAt(event);
    paintRange(Math.min(anchor, here), Math.max(anchor, here));
  });
  chart.addEventListener("pointerup", (event) => {
    if (anchor === null) return;
    const here = indexAt(event);
    const [start, end] = [Math.min(anchor, here), Math.max(anchor, here)];
    anchor = null;
    onRange(firstDay(monthAfter(state.first, start)), lastDay(monthAfter(state.first, end)));
  });

  return {
    node,
    update: (data, time) => {
      state = data;
      [from.value, to.value] = time;
      node.classList.toggle("none", !data.counts.length);
      drawBars(bars, data);
      axis.replaceChildren(
        ...(data.counts.length
          ? [element("span", {}, data.first), element("span", {}, monthAfter(data.first, data.counts.length - 1))]
          : []),
      );
      if (!time[0] && !time[1]) return paintRange(0, -1);
      const start = time[0] ? monthsBetween(data.first, time[0]) : 0;
      const end = time[1] ? monthsBetween(data.first, time[1]) : data.counts.length - 1;
      return paintRange(Math.max(0, start), Math.min(data.counts.length - 1, end));
    },
  };
}

function drawBars(group, { first, counts }) {
  const highest = Math.max(1, ...counts);
  const step = WIDTH / Math.max(1, counts.length);
  group.replaceChildren(
    ...counts.map((count, index) => {
      const height = count ? Math.max(2, (HEIGHT - 2) * Math.sqrt(count / highest)) : 0; // square root: rare months stay visible
      const bar = svg("rect", { x: index * step + step * 0.1, y: HEIGHT - height, width: step * 0.8, height });
      bar.append(Object.assign(svg("title"), { textContent: `${monthAfter(first, index)}: ${grouped(count)}` }));
      return bar;
    }),
  );
}

/** @param {string} month YYYY-MM @param {number} steps @returns {string} the month that many later */
export function monthAfter(month, steps) {
  const index = Number(month.slice(0, 4)) * MONTHS_A_YEAR + Number(month.slice(5, 7)) - 1 + steps;
  return `${Math.floor(index / MONTHS_A_YEAR)}-${String((index % MONTHS_A_YEAR) + 1).padStart(2, "0")}`;
}

/** @param {string} first YYYY-MM @param {string} day YYYY-MM-DD @returns {number} months from one to the other */
export function monthsBetween(first, day) {
  const years = Number(day.slice(0, 4)) - Number(first.slice(0, 4));
  return years * MONTHS_A_YEAR + Number(day.slice(5, 7)) - Number(first.slice(5, 7));
}

/** @param {string} month @returns {string} */
export function firstDay(month) {
  return `${month}-01`;
}

/** @param {string} month @returns {string} */
export function lastDay(month) {
  const days = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();
  return `${month}-${String(days).padStart(2, "0")}`;
}
