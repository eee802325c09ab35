/** The map under the samples: countries, graticule and names, drawn from one GeoJSON file served by Patchwork. */

import {toScreen, worldSize} from './mercator.js';

const GRATICULE_DEGREES = 15;
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
    updateTriggers: {getFillColor: [theme.dark], getLineColor: [theme.dark]},
  });
}

/**
 * @param {Record<string, any>} deck deck.gl's classes
 * @param {import('./theme.js').MapTheme} theme
 * @returns {any} meridians and parallels
 */
export function graticuleLayer(deck, theme) {
  return new deck.PathLayer({
    id: 'graticule',
    data: GRATICULE,
    getPath: (path) => path,
    getColor: theme.graticule,
    getWidth: 1,
    widthUnits: 'pixels',
    updateTriggers: {getColor: [theme.dark]},
  });
}

/**
 * @param {Record<string, any>} deck deck.gl's classes
 * @param {import('./theme.js').MapTheme} theme
 * @param {Label[]} labels those that have room
 * @param {string} font of the page
 * @returns {any}
 */
export function labelLayer(deck, theme, labels, font) {
  return new deck.TextLayer({
    id: 'labels',
    data: labels,
    getText: ({name}) => name,
    getPosition: ({longitude, latitude}) => [longitude, latitude],
    getSize: LABEL_PX,
    getColor: theme.label,
    fontFamily: font,
    fontWeight: 600,
    fontSettings: {sdf: true, radius: 10, buffer: 6},
    outlineWidth: 3,
    outlineColor: theme.halo,
    characterSet: 'auto',
    updateTriggers: {getColor: [theme.dark]},
  });
}

/**
 * Where each country's name goes: the middle of its largest part.
 * @param {{features: Array<{properties: object, geometry: {type: string, coordinates: any}}>}} countries
 * @returns {Label[]} largest country first
 */
export function labelsOf(countries) {
  return countries.features
    .map(({properties, geometry}) => labelOf(properties.name ?? properties.NAME ?? '', geometry))
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
    if (clear) taken.push({x, y, halfWidth});
    return clear;
  });
}

function labelOf(name, {type, coordinates}) {
  const rings = type === 'Polygon' ? [coordinates[0]] : type === 'MultiPolygon' ? coordinates.map((part) => part[0]) : [];
  const boxes = rings.map(boxOf).sort((a, b) => b.area - a.area);
  if (!boxes.length) return null;
  const {ring, east, west} = boxes[0];
  const [longitude, latitude] = centroid(ring);
  return {name, longitude, latitude, width: east - west};
}

function boxOf(ring) {
  let [west, east, south, north] = [180, -180, 90, -90];
  for (const [x, y] of ring) {
    west = Math.min(west, x);
    east = Math.max(east, x);
    south = Math.min(south, y);
    north = Math.max(north, y);
  }
  return {ring, west, east, area: (east - west) * (north - south)};
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

const GRATICULE = (() => {
  const lines = [];
  for (let longitude = -180; longitude <= 180; longitude += GRATICULE_DEGREES) {
    lines.push([[longitude, -84], [longitude, 0], [longitude, 84]]);
  }
  for (let latitude = -75; latitude <= 75; latitude += GRATICULE_DEGREES) {
    lines.push([[-180, latitude], [-90, latitude], [0, latitude], [90, latitude], [180, latitude]]);
  }
  return lines;
})();
