/** A small line chart as SVG: axes with round numbers, lines told apart by colour, dash and letter. */

import { svg } from "../browser/dom.js";

const WIDTH = 560; // of the drawing; CSS scales it
const HEIGHT = 240;
const MARGIN = { left: 44, right: 22, top: 22, bottom: 36 };

/**
 * @typedef {{letter: string, colour: string, dash: string, points: {x: number, y: number, title: string}[]}} Series
 * @param {{series: Series[], xLabel: string, yLabel: string, x: number[], label: string}} chart `x`: least and greatest
 *   value of the horizontal axis; `label`: the chart in words
 * @returns {SVGElement}
 */
export function lineChart({ series, xLabel, yLabel, x, label }) {
  const heights = series.flatMap(({ points }) => points.map(({ y }) => y)).filter(Number.isFinite);
  const ticksX = roundTicks(x[0], x[1], 6);
  const ticksY = roundTicks(Math.min(0, ...heights), Math.max(0.1, ...heights), 5);
  const alongX = scale(x[0], x[1], MARGIN.left, WIDTH - MARGIN.right);
  const alongY = scale(ticksY[0], ticksY.at(-1), HEIGHT - MARGIN.bottom, MARGIN.top);
  const root = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": label });
  for (const value of ticksY) {
    root.append(line("rule", MARGIN.left, alongY(value), WIDTH - MARGIN.right, alongY(value)));
    root.append(text(plain(value), MARGIN.left - 6, alongY(value) + 4, "end"));
  }
  for (const value of ticksX) root.append(text(plain(value), alongX(value), HEIGHT - MARGIN.bottom + 16, "middle"));
  root.append(text(xLabel, WIDTH - MARGIN.right, HEIGHT - 4, "end"), text(yLabel, 0, 10, "start"));
  for (const each of series) root.append(drawSeries(each, alongX, alongY));
  return root;
}

function drawSeries({ letter, colour, dash, points }, alongX, alongY) {
  const seen = points.filter(({ y }) => Number.isFinite(y));
  const group = svg("g", { class: "series" });
  const path = seen.map(({ x, y }) => `${alongX(x).toFixed(1)},${alongY(y).toFixed(1)}`).join(" ");
  group.append(
    svg("polyline", { points: path, fill: "none", stroke: colour, "stroke-width": 2, "stroke-dasharray": dash }),
  );
  for (const { x, y, title } of seen) {
    const words = svg("title");
    words.textContent = title;
    group.append(svg("circle", { cx: alongX(x), cy: alongY(y), r: 3.5, fill: colour }, words));
  }
  const last = seen.at(-1);
  if (last) group.append(text(letter, alongX(last.x) + 7, alongY(last.y) + 4, "start", "letter"));
  return group;
}

/**
 * Round numbers that cover a range.
 * @param {number} low
 * @param {number} high
 * @param {number} about how many are wanted
 * @returns {number[]} ascending; for an axis of values the first is at most `low`, the last at least `high`
 */
export function roundTicks(low, high, about) {
  const rough = (high - low || 1) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5].find((factor) => factor * power >= rough) ?? 10);
  const ticks = [];
  for (let i = Math.floor(low / step + 1e-9); ; i++) {
    ticks.push(Number((i * step).toPrecision(12)));
    if (i * step >= high - step * 1e-9) return ticks;
  }
}

function scale(low, high, from, to) {
  return (value) => from + ((value - low) / (high - low || 1)) * (to - from);
}

function plain(value) {
  return String(value).replace("-", "−");
}

function line(name, x1, y1, x2, y2) {
  return svg("line", { class: name, x1, y1, x2, y2 });
}

function text(words, x, y, anchor, name = "") {
  const node = svg("text", { x, y, "text-anchor": anchor, class: name });
  node.textContent = words;
  return node;
}
