/** The legend under a panel: the recipe in words, then what its colours mean. Built from the API's legend JSON. */

const SHOWN_CLASSES = 6; // the rest stand behind 'more', so that panels keep one height

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {string} [text] set as text, never as HTML: names come from data
 * @returns {HTMLElement}
 */
export function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

/**
 * Replace the content of a legend.
 * @param {HTMLElement} root
 * @param {object} legend as the API answers under `/legend`
 */
export function drawLegend(root, legend) {
  const parts = [];
  if (legend.classes?.length) parts.push(classList(legend.classes));
  if (legend.ramp) parts.push(ramp(legend.ramp));
  if (legend.channels?.length) parts.push(channelList(legend.channels));
  parts.push(element("p", "recipe", legend.recipe));
  for (const note of legend.notes ?? []) parts.push(element("p", "note", note));
  root.replaceChildren(...parts);
}

/** Class id to name, for the readout; empty for pictures without classes. */
export function classNames(legend) {
  return new Map((legend?.classes ?? []).map(({ id, name }) => [id, name]));
}

function classList(classes) {
  const present = classes.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
  const list = element("ul", "classes");
  for (const entry of present.slice(0, SHOWN_CLASSES)) list.append(classItem(entry));
  const rest = present.slice(SHOWN_CLASSES);
  if (rest.length) {
    const more = element("details");
    more.append(element("summary", "", `${rest.length} more`));
    const inner = element("ul", "classes");
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
  const swatch = element("span", "swatch");
  swatch.style.background = colour;
  item.append(swatch, element("span", "class-name", name), element("span", "share", percent(share)));
  return item;
}

/** Shares from 0 to 1 as a percentage that never rounds something away. */
export function percent(share) {
  if (share > 0 && share < 0.001) return "<0.1 %";
  return `${(share * 100).toFixed(1)} %`;
}

function ramp({ stops, ticks, unit }) {
  const root = element("div", "ramp");
  const bar = element("div", "bar");
  bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  const scale = element("div", "ticks");
  scale.append(...ticks.map((tick) => element("span", "", `${tick}`)));
  root.append(bar, scale);
  if (unit) root.append(element("span", "unit", unit));
  return root;
}

function channelList(channels) {
  const list = element("ul", "channels");
  for (const { colour, label, range } of channels) {
    const item = element("li");
    const swatch = element("span", "swatch");
    swatch.style.background = colour;
    item.append(swatch, element("span", "class-name", label), element("span", "share", range));
    list.append(item);
  }
  return list;
}
