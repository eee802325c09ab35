/** Outlines by zoom, names where there is room, round lengths of the scale bar, and the address of a view. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { CountryDetail } from "../../../components/map/detail.js";
import { Graticule, labelsOf, roomyLabels } from "../../../components/map/basemap.js";
import { parseColour } from "../../../components/map/theme.js";
import { roundLength } from "../../../components/map/scale_bar.js";
import { withView } from "../../../components/map/address.js";

const circle = (lon, lat, radius, vertices) => {
  const ring = Array.from({ length: vertices }, (_, i) => {
    const angle = (i / vertices) * 2 * Math.PI;
    return [lon + radius * Math.cos(angle), lat + radius * Math.sin(angle)];
  });
  return [...ring, ring[0]];
};
const country = (name, ...rings) => ({
  type: "Feature",
  properties: { name },
  geometry: { type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) },
});
const WORLD = {
  features: [
    country("Bigland", circle(20, 50, 8, 2000), circle(35, 50, 0.05, 50)),
    country("Farland", circle(-100, 40, 8, 2000)),
  ],
};
const vertices = (features) => features.reduce((sum, { geometry }) => sum + geometry.coordinates[0].length, 0);
const VIEW = { longitude: 20, latitude: 50, zoom: 1, width: 800, height: 600 };

test("far out, outlines are thin and specks are gone", () => {
  const features = new CountryDetail(WORLD).at(VIEW);
  assert.equal(features.length, 2);
  assert.ok(vertices(features) < 200, `${vertices(features)} vertices`);
});

test("close up, all vertices of what is in view and nothing else", () => {
  const features = new CountryDetail(WORLD).at({ ...VIEW, zoom: 5 });
  assert.deepEqual(
    features.map(({ properties }) => properties.name),
    ["Bigland", "Bigland"],
  );
  assert.equal(vertices(features), 2001 + 51);
});

test("the same outlines are handed out while they serve", () => {
  const detail = new CountryDetail(WORLD);
  const first = detail.at({ ...VIEW, zoom: 6 });
  assert.equal(detail.at({ ...VIEW, zoom: 6.2, longitude: 20.5 }), first);
  assert.notEqual(detail.at({ ...VIEW, zoom: 6, longitude: 60 }), first);
});

test("names stand in the largest part of a country, and only where they have room", () => {
  const labels = labelsOf(WORLD);
  const big = labels.find(({ name }) => name === "Bigland");
  assert.ok(Math.abs(big.longitude - 20) < 0.1 && Math.abs(big.latitude - 50) < 0.1);
  assert.deepEqual(roomyLabels(labels, { ...VIEW, zoom: 1 }), []);
  assert.deepEqual(
    roomyLabels(labels, { ...VIEW, zoom: 4 }).map(({ name }) => name),
    ["Bigland"],
  );
});

test("the scale bar has a round length that fits", () => {
  for (const metresPerPx of [0.3, 1, 7.7, 152, 78271]) {
    const { metres, pixels } = roundLength(metresPerPx, 110);
    assert.ok(pixels > 40 && pixels <= 110, `${pixels} px`);
    assert.match(String(metres / 10 ** Math.floor(Math.log10(metres))), /^(1|2|5)$/);
  }
});

test("the view replaces the one before, at the end of the address", () => {
  const view = { lat: "1.0000", lon: "2.0000", zoom: "3.00" };
  assert.equal(withView("?country=Chile&lat=9&lon=9&zoom=9", view), "country=Chile&lat=1.0000&lon=2.0000&zoom=3.00");
  assert.equal(withView("", view), "lat=1.0000&lon=2.0000&zoom=3.00");
});

test("meridians and parallels lie around the view, and stay while it moves a little", () => {
  const graticule = new Graticule();
  const view = { longitude: 10, latitude: 50, zoom: 5, width: 800, height: 600 };
  const lines = graticule.at(view);
  assert.ok(lines.length > 4);
  assert.ok(lines.flat().every(([longitude, latitude]) => longitude % 5 === 0 || latitude % 5 === 0));
  assert.equal(graticule.at({ ...view, longitude: 10.1 }), lines);
  assert.notEqual(graticule.at({ ...view, longitude: 90 }), lines);
  assert.notEqual(new Graticule().at(view), lines, "two maps share nothing");
});

test("colours of the theme in any spelling", () => {
  assert.deepEqual(parseColour("#fff"), [255, 255, 255, 255]);
  assert.deepEqual(parseColour(" #3f4fc4 "), [63, 79, 196, 255]);
  assert.deepEqual(parseColour("rgb(1, 2, 3)"), [1, 2, 3, 255]);
  assert.deepEqual(parseColour("rgba(1 2 3 / 0.5)"), [1, 2, 3, 128]);
  assert.equal(parseColour("papayawhip"), null);
});
