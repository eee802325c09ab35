/**
 * Web-mercator arithmetic of a north-up map, free of any library so that it can be tested without a browser.
 *
 * Zoom levels are deck.gl's: at zoom 0 the world is 512 px wide. Longitudes and latitudes are degrees.
 *
 * @typedef {{longitude: number, latitude: number, zoom: number, width: number, height: number}} View
 * @typedef {{west: number, south: number, east: number, north: number}} Bounds  west > east crosses the antimeridian
 */

const WORLD_PX = 512; // width of the world at zoom 0, as deck.gl defines it
const EARTH_CIRCUMFERENCE_M = 40075016.686; // of the web-mercator sphere, at the equator
export const MAX_LATITUDE = 85.051129; // where the square map ends

const RADIANS = Math.PI / 180;

/** @param {number} zoom @returns {number} width of the world in pixels */
export function worldSize(zoom) {
  return WORLD_PX * 2 ** zoom;
}

/** @param {number} width @param {number} height in pixels @returns {number} zoom at which one world covers a map */
export function fillingZoom(width, height) {
  return Math.log2(Math.max(width, height) / WORLD_PX);
}

/** @param {number} longitude @returns {number} the same meridian within -180 ... 180 */
export function wrapLongitude(longitude) {
  if (longitude >= -180 && longitude <= 180) return longitude;
  return ((((longitude + 180) % 360) + 360) % 360) - 180;
}

/** @param {number} latitude @returns {number} the latitude, kept on the square map */
export function clampLatitude(latitude) {
  return Math.min(MAX_LATITUDE, Math.max(-MAX_LATITUDE, latitude));
}

/**
 * Position on the square world map.
 * @param {number} longitude
 * @param {number} latitude
 * @returns {[number, number]} x eastwards and y southwards, each 0 ... 1 inside one world
 */
export function toUnit(longitude, latitude) {
  const sine = Math.sin(clampLatitude(latitude) * RADIANS);
  return [longitude / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

/**
 * Inverse of {@link toUnit}.
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]} longitude (not wrapped) and latitude
 */
export function fromUnit(x, y) {
  return [(x - 0.5) * 360, Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) / RADIANS];
}

/** @param {number} latitude @param {number} zoom @returns {number} ground metres per screen pixel */
export function metresPerPixel(latitude, zoom) {
  return (EARTH_CIRCUMFERENCE_M * Math.cos(latitude * RADIANS)) / worldSize(zoom);
}

/**
 * Screen position of a place, on the copy of the world nearest to the centre of the view.
 * @param {View} view
 * @param {number} longitude
 * @param {number} latitude
 * @returns {[number, number]} pixels from the top left corner
 */
export function toScreen(view, longitude, latitude) {
  const size = worldSize(view.zoom);
  const [centreX, centreY] = toUnit(view.longitude, view.latitude);
  const [x, y] = toUnit(longitude, latitude);
  let east = x - centreX;
  east -= Math.round(east);
  return [view.width / 2 + east * size, view.height / 2 + (y - centreY) * size];
}

/**
 * Place under a screen position.
 * @param {View} view
 * @param {number} x pixels from the left edge
 * @param {number} y pixels from the top edge
 * @returns {[number, number]} longitude (may lie beyond 180 where the map repeats) and latitude
 */
export function fromScreen(view, x, y) {
  const size = worldSize(view.zoom);
  const [centreX, centreY] = toUnit(view.longitude, view.latitude);
  const unitY = Math.min(1, Math.max(0, centreY + (y - view.height / 2) / size));
  return fromUnit(centreX + (x - view.width / 2) / size, unitY);
}

/**
 * What a view shows.
 * @param {View} view
 * @param {number} [padding] share of the width and height added on every side
 * @returns {Bounds} the whole globe where the view is wider than one world
 */
export function boundsOf(view, padding = 0) {
  const marginX = view.width * padding;
  const marginY = view.height * padding;
  const [west, north] = fromScreen(view, -marginX, -marginY);
  const [east, south] = fromScreen(view, view.width + marginX, view.height + marginY);
  if (east - west >= 360) return { west: -180, south, east: 180, north };
  return { west: wrapLongitude(west), south, east: wrapLongitude(east), north };
}

/** @param {Array<[number, number]>} ring of longitudes and latitudes @returns {Bounds} the box around it */
export function boxOf(ring) {
  let [west, east, south, north] = [180, -180, 90, -90];
  for (const [longitude, latitude] of ring) {
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
    south = Math.min(south, latitude);
    north = Math.max(north, latitude);
  }
  return { west, south, east, north };
}

/** @param {Bounds} bounds @returns {number} degrees from the west to the east edge */
export function spanOf({ west, east }) {
  return east >= west ? east - west : east + 360 - west;
}

/** @param {Bounds} outer @param {Bounds} inner @returns {boolean} whether `inner` lies within `outer` */
export function encloses(outer, inner) {
  if (inner.south < outer.south || inner.north > outer.north) return false;
  const span = spanOf(outer);
  if (span >= 360) return true;
  const offset = (((inner.west - outer.west) % 360) + 360) % 360;
  return offset + spanOf(inner) <= span + 1e-9; // degrees; far below one pixel at any zoom
}

/** @param {Bounds} bounds @returns {string} the API's `bbox` value */
export function bboxText({ west, south, east, north }) {
  return [west, south, east, north].map((edge) => Number(edge.toFixed(5))).join(",");
}

/**
 * The view that shows some places, with room around them.
 * @param {Bounds} bounds
 * @param {{width: number, height: number}} size of the map in pixels
 * @param {number} [maxZoom] so that a single place does not fill the map
 * @returns {{longitude: number, latitude: number, zoom: number}}
 */
export function viewOf(bounds, { width, height }, maxZoom = 11) {
  const span = spanOf(bounds);
  const [, top] = toUnit(0, bounds.north);
  const [, bottom] = toUnit(0, bounds.south);
  const usable = 0.86; // of the map: places at the very edge hide under the buttons
  const zoomX = Math.log2((width * usable) / (WORLD_PX * Math.max(span / 360, 1e-9)));
  const zoomY = Math.log2((height * usable) / (WORLD_PX * Math.max(bottom - top, 1e-9)));
  const [, latitude] = fromUnit(0, (top + bottom) / 2);
  return {
    longitude: wrapLongitude(bounds.west + span / 2),
    latitude,
    zoom: Math.max(0, Math.min(zoomX, zoomY, maxZoom)),
  };
}
