/**
 * Keeps the view in the page's address without a step in the browser's history for every move of the map.
 *
 * Python writes the same parameters, in the same order and spelling; an address that is already right adds no step.
 */

const VIEW_KEYS = ["lat", "lon", "zoom"];

/** @param {{lat: string, lon: string, zoom: string}} view */
export function rememberView(view) {
  const { pathname, search, hash } = globalThis.location;
  globalThis.history.replaceState(globalThis.history.state, "", `${pathname}?${withView(search, view)}${hash}`);
}

/**
 * @param {string} search of the address, with or without `?`
 * @param {{lat: string, lon: string, zoom: string}} view
 * @returns {string} the query with the view at its end
 */
export function withView(search, view) {
  const kept = search
    .replace(/^\?/, "")
    .split("&")
    .filter((pair) => pair && !VIEW_KEYS.includes(pair.split("=")[0]));
  return [...kept, ...VIEW_KEYS.map((key) => `${key}=${view[key]}`)].join("&");
}
