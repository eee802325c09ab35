/** Keeps the place that playing has come to in the page's address, without a step in the browser's history. */

/**
 * @param {Record<string, string>} place parameters that Python reads and writes under the same names
 * @param {string} path of the page that they are of: the address may be another page's while this one still stands
 */
export function rememberPlace(place, path) {
  const { pathname, search, hash } = globalThis.location;
  if (pathname !== path) return;
  globalThis.history.replaceState(globalThis.history.state, "", `${pathname}?${withPlace(search, place)}${hash}`);
}

/**
 * @param {string} search of the address, with or without `?`
 * @param {Record<string, string>} place
 * @returns {string} the query with the place at its end
 */
export function withPlace(search, place) {
  const kept = search
    .replace(/^\?/, "")
    .split("&")
    .filter((pair) => pair && !(pair.split("=")[0] in place));
  return [...kept, ...Object.entries(place).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)].join("&");
}
