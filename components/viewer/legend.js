/** The legend under a panel: the recipe in words, then what its colours mean. Built from the API's legend JSON. */

import { element } from "../browser/dom.js";

const SHOWN_CLASSES = 6; // the rest stand behind 'more', so that panels keep one height
const SHOWN_BANDS = 3; // of a picture that does not name its bands
const LONGEST_UNIT = 3; // characters that fit behind a range
const TICKS = 5; // as many numbers as fit under the narrowest panel
const LIGHTS = { red: "#e5484d", green: "#30a46c", blue: "#3e7bfa", grey: "#8b8d98" }; // swatches of the colour channels

/**
 * Replace the content of a legend.
 * @param {HTMLElement} root
 * @param {object} legend as the API answers under `/legend`
 */
export function drawLegend(root, legend) {
  const parts = [];
  if (legend.classes?.length) parts.push(classList(legend.classes));
  if (legend.ramp?.length) parts.push(ramp(legend.ramp, legend.unit));
  if (legend.channels?.length) parts.push(channelList(legend.channels, legend.unit));
  parts.push(element("p", { class: "recipe" }, legend.recipe));
  for (const note of legend.notes ?? []) parts.push(element("p", { class: "note" }, note));
  root.replaceChildren(...parts);
}

/**
 * The stored values of a class picture and their names; empty for other pictures.
 * @param {object} legend
 * @returns {Map<number, string>}
 */
export function classNames(legend) {
  const names = new Map();
  for (const { id, name, values } of legend.classes ?? []) {
    for (const value of values?.length ? values : [id]) names.set(value, name);
  }
  return names;
}

/**
 * The bands a picture is made of, in the order of its channels, or of its formula; the first where neither tells.
 * @param {object} legend
 * @param {string[]} bands every band of the modality
 * @returns {string[]}
 */
export function shownBands(legend, bands) {
  const sources = legend.channels?.length ? legend.channels.map(({ source }) => source) : [legend.recipe ?? ""];
  const words = sources.flatMap((source) => source.match(/\w+/g) ?? []);
  const named = words.map((word) => bands.find((band) => band.toLowerCase() === word.toLowerCase())).filter(Boolean);
  return named.length ? [...new Set(named)] : bands.slice(0, SHOWN_BANDS);
}

/**
 * The colour that a curve of each shown band gets: that of its channel, where it has one to itself.
 * @param {object} legend
 * @param {string[]} shown
 * @returns {{band: string, colour: string}[]}
 */
export function bandColours(legend, shown) {
  return shown.map((band, i) => {
    const own = (legend.channels ?? []).find(({ source }) => source.toLowerCase() === band.toLowerCase());
    const others = [LIGHTS.red, LIGHTS.green, LIGHTS.blue];
    return { band, colour: LIGHTS[own?.colour] ?? (shown.length > 1 ? others[i % others.length] : LIGHTS.grey) };
  });
}

function classList(classes) {
  const present = classes.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
  const list = element("ul", { class: "classes" });
  for (const entry of present.slice(0, SHOWN_CLASSES)) list.append(classItem(entry));
  const rest = present.slice(SHOWN_CLASSES);
  if (rest.length) {
    const more = element("details");
    more.append(element("summary", {}, `${rest.length} more`));
    const inner = element("ul", { class: "classes" });
    inner.append(...rest.map(classItem));
    more.append(inner);
    const item = element("li");
    item.append(more);
    list.append(item);
  }
  return list;
}

function classItem({ name, colour, share }) {
  const item = element("li");
  const swatch = element("span", { class: "swatch" });
  swatch.style.background = colour;
  item.append(
    swatch,
    element("span", { class: "class-name" }, name),
    element("span", { class: "share" }, percent(share)),
  );
  return item;
}

/** Shares from 0 to 1 as a percentage that never rounds something away. */
export function percent(share) {
  if (share > 0 && share < 0.001) return "<0.1 %";
  return `${(share * 100).toFixed(1)} %`;
}

function ramp(stops, unit) {
  const root = element("div", { class: "ramp" });
  const bar = element("div", { class: "bar" });
  const low = stops[0].value;
  const span = stops.at(-1).value - low || 1;
  const places = stops.map(({ value, colour }) => `${colour} ${(((value - low) / span) * 100).toFixed(1)}%`);
  bar.style.background = `linear-gradient(to right, ${places.join(", ")})`;
  const scale = element("div", { class: "ticks" });
  for (let i = 0; i < TICKS; i++) scale.append(element("span", {}, tick(low + (span * i) / (TICKS - 1), span)));
  scale.append(element("span", { class: "unit" }, unit === "1" ? "" : unit));
  root.append(bar, scale);
  return root;
}

function tick(value, span) {
  return value.toFixed(span < 5 ? 2 : span < 50 ? 1 : 0).replace("-", "−");
}

function channelList(channels, unit) {
  const list = element("ul", { class: "channels" });
  const suffix = unit.length <= LONGEST_UNIT ? ` ${unit}` : ""; // the recipe says longer ones
  for (const { colour, source, low, high } of channels) {
    const item = element("li");
    const swatch = element("span", { class: "swatch" });
    swatch.style.background = LIGHTS[colour];
    const range = `${tick(low, high - low)} … ${tick(high, high - low)}${suffix}`;
    item.append(swatch, element("span", { class: "class-name" }, source), element("span", { class: "share" }, range));
    list.append(item);
  }
  return list;
}
