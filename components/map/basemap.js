/** The map under the samples: countries, graticule and names, drawn from one GeoJSON file served by Patchwork. */

import { boundsOf, boxOf, spanOf, toScreen, worldSize } from "./mercator.js";

const GRATICULE_LEVELS = [
  // degrees between the lines: some are in view at every zoom, and never many
  { below: 4, degrees: 15 },
  { below: 6, degrees: 5 },
  { below: 8, degrees: 1 },
  { below: 10, degrees: 0.25 },
  { below: Infinity, degrees: 0.05 },
];
const MOST_LINES = 60; // each way
const LABEL_PX = 11;
const LABEL_CLEARANCE_PX = 6;
const MOST_LABELS = 60;
const LABELS_FROM_ZOOM = 1.6; // further out, names would cover the countries
const LETTER_PX = 6.4; // average width of a letter at the label size

/**
 * @typedef {{name: string, longitude: number, latitude: number, width: number}} Label
 *   width: of the country's largest part, in degrees
 */

/**
 * @param {any} declared the GeoJsonLayer as pydeck declared it
 * @param {import('./theme.js').MapTheme} theme
 * @param {object[]} countries GeoJSON features
 * @returns {any}
 */
export function countryLayer(declared, theme, countries) {
  return declared.clone({
    data: countries,
    getFillColor: theme.land,
    getLineColor: theme.border,
    updateTriggers: { getFillColor: [theme.dark], getLineColor: [theme.dark] },
  });
}

/**
 * @param {Record<string, any>} deck deck.gl's classes
 * @param {import('./theme.js').MapTheme} theme
 * @param {Array<Array<[number, number]>>} lines of a {@link Graticule}
 * @returns {any} meridians and parallels
 */
export function graticuleLayer(deck, theme, lines) {
  return new deck.PathLayer({
    id: "graticule",
    data: lines,
    getPath: (path) => path,
    getColor: theme.graticule,
    getWidth: 1,
    widthUnits: "pixels",
    updateTriggers: { getColor: [theme.dark] },
  });
}

/**
 * @param {Record<string, any>} deck deck.gl's classes
 * @param {import('./theme.js').MapTheme} theme
 * @param {Label[]} labels those that have room
 * @param {{font: string, characters: string[]}} letters of the page, and of all names
 * @returns {any}
 */
export function labelLayer(deck, theme, labels, { font, characters }) {
  return new deck.TextLayer({
    id: "labels",
    data: labels,
    getText: ({ name }) => name,
    getPosition: ({ longitude, latitude }) => [longitude, latitude],
    getSize: LABEL_PX,
    getColor: theme.label,
    fontFamily: font,
    fontWeight: 600,
    fontSettings: { sdf: true, fontSize: 40, radius: 8, buffer: 5 },
    outlineWidth: 3,
    outlineColor: theme.halo,
    characterSet: characters, // of all names, so that the letters are made once and not with every move
    updateTriggers: { getColor: [theme.dark] },
  });
}

/**
 * Where each country's name goes: the middle of its largest part.
 * @param {{features: Array<{properties: object, geometry: {type: string, coordinates: any}}>}} countries
 * @returns {Label[]} largest country first
 */
export function labelsOf(countries) {
  return countries.features
    .map(({ properties, geometry }) => labelOf(properties.name ?? properties.NAME ?? "", geometry))
    .filter((label) => label?.name)
    .sort((a, b) => b.width - a.width);
}

/**
 * Names that fit: inside their country and clear of larger neighbours' names.
 * @param {Label[]} labels largest first
 * @param {import('./mercator.js').View} view
 * @returns {Label[]}
 */
export function roomyLabels(labels, view) {
  if (view.zoom < LABELS_FROM_ZOOM) return [];
  const taken = [];
  const pixelsPerDegree = worldSize(view.zoom) / 360;
  return labels.filter((label) => {
    if (taken.length >= MOST_LABELS) return false;
    const halfWidth = (label.name.length * LETTER_PX) / 2;
    if (label.width * pixelsPerDegree < halfWidth * 1.4) return false;
    const [x, y] = toScreen(view, label.longitude, label.latitude);
    if (x < -halfWidth || y < 0 || x > view.width + halfWidth || y > view.height) return false;
    const clear = taken.every(
      (other) =>
        Math.abs(other.x - x) > other.halfWidth + halfWidth + LABEL_CLEARANCE_PX ||
        Math.abs(other.y - y) > LABEL_PX + LABEL_CLEARANCE_PX,
    );
    if (clear) taken.push({ x, y, halfWidth });
    return clear;
  });
}

function labelOf(name, { type, coordinates }) {
  const rings =
    type === "Polygon" ? [coordinates[0]] : type === "MultiPolygon" ? coordinates.map((part) => part[0]) : [];
  const boxes = rings.map((ring) => ({ ring, box: boxOf(ring) })).sort((a, b) => areaOf(b.box) - areaOf(a.box));
  if (!boxes.length) return null;
  const { ring, box } = boxes[0];
  const [longitude, latitude] = centroid(ring);
  return { name, longitude, latitude, width: box.east - box.west };
}

function areaOf({ west, south, east, north }) {
  return (east - west) * (north - south);
}

function centroid(ring) {
  let [area, x, y] = [0, 0, 0];
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const cross = ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
    area += cross;
    x += (ring[j][0] + ring[i][0]) * cross;
    y += (ring[j][1] + ring[i][1]) * cross;
  }
  return area ? [x / (3 * area), y / (3 * area)] : ring[0];
}

/** Hands out meridians and parallels for a view; the same object as long as it serves. */
export class Graticule {
  #key = "";
  #lines = [];

  /**
   * @param {import('./mercator.js').View} view
   * @returns {Array<Array<[number, number]>>} with a margin, so that panning a little needs no new ones
   */
  at(view) {
    const { degrees, edges } = latticeAround(view);
    const key = [degrees, ...edges].join();
    if (key !== this.#key) this.#lines = linesOf(degrees, edges);
    this.#key = key;
    return this.#lines;
  }
}

/** The distance of the lines, and their first and last meridian and parallel, in degrees. */
function latticeAround(view) {
  const { degrees } = GRATICULE_LEVELS.find(({ below }) => view.zoom < below);
  const { west, south, east, north } = boundsOf(view, 1);
  const world = spanOf({ west, east }) >= 360;
  const [first, last] = world
    ? [-180, 180]
    : [west, west + spanOf({ west, east })].map((edge) => Math.round(edge / degrees) * degrees);
  const [bottom, top] = [Math.max(-84, south), Math.min(84, north)].map((edge) => Math.round(edge / degrees) * degrees);
  return { degrees, edges: [first, last, bottom, top] };
}

function linesOf(degrees, [first, last, bottom, top]) {
  const lines = [];
  for (let step = 0; step <= Math.min(MOST_LINES, (last - first) / degrees); step += 1) {
    lines.push([
      [first + step * degrees, bottom],
      [first + step * degrees, (bottom + top) / 2],
      [first + step * degrees, top],
    ]);
  }
  for (let step = 0; step <= Math.min(MOST_LINES, (top - bottom) / degrees); step += 1) {
    const latitude = bottom + step * degrees;
    lines.push([0, 0.25, 0.5, 0.75, 1].map((share) => [first + share * (last - first), latitude]));
  }
  return lines;
}
