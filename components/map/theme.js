/**
 * Colours of the map, taken from the page's theme so that light and dark follow it live.
 *
 * @typedef {[number, number, number, number]} Rgba 0 ... 255 each
 * @typedef {{dark: boolean, sea: string, land: Rgba, border: Rgba, graticule: Rgba, label: Rgba, halo: Rgba, accent: Rgba}} MapTheme
 */

const LIGHT = {
  sea: "#dfe7ec",
  land: [250, 249, 246, 255],
  border: [176, 182, 188, 255],
  graticule: [120, 140, 155, 46],
  label: [92, 102, 112, 255],
  halo: [250, 249, 246, 235],
};
const DARK = {
  sea: "#0c1319",
  land: [30, 38, 46, 255],
  border: [70, 82, 94, 255],
  graticule: [150, 175, 195, 30],
  label: [148, 160, 172, 255],
  halo: [22, 29, 36, 235],
};
const DARK_BELOW = 0.45; // luminance of the page's background

/**
 * @param {Element} element any element inside the component
 * @returns {MapTheme}
 */
export function themeOf(element) {
  const accent = parseColour(getComputedStyle(element).getPropertyValue("--st-primary-color")) ?? [15, 118, 110, 255];
  const dark = isDark(element);
  return { dark, accent, ...(dark ? DARK : LIGHT) };
}

/** @param {Element} element any element inside a component @returns {boolean} whether the page's ground is dark */
export function isDark(element) {
  const background = getComputedStyle(element).getPropertyValue("--st-background-color");
  return luminance(parseColour(background) ?? [255, 255, 255, 255]) < DARK_BELOW;
}

/**
 * @param {string} text `#rgb`, `#rrggbb`, `rgb(...)` or `rgba(...)`
 * @returns {Rgba | null}
 */
export function parseColour(text) {
  const value = text.trim();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(value);
  if (short) return [...short.slice(1).map((digit) => Number.parseInt(digit + digit, 16)), 255];
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(value);
  if (long) return [...long.slice(1).map((pair) => Number.parseInt(pair, 16)), 255];
  const parts = /^rgba?\(([^)]+)\)$/i
    .exec(value)?.[1]
    .split(/[\s,/]+/)
    .map(Number);
  if (!parts || parts.length < 3 || parts.some(Number.isNaN)) return null;
  return [parts[0], parts[1], parts[2], Math.round((parts[3] ?? 1) * 255)];
}

/** @param {Rgba} colour @param {number} opacity 0 ... 1 @returns {Rgba} */
export function fade([red, green, blue], opacity) {
  return [red, green, blue, Math.round(opacity * 255)];
}

function luminance([red, green, blue]) {
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
