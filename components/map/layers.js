/** Puts the layers of one frame together, bottom to top, from the pydeck declaration and what has been loaded. */

import { countryLayer, graticuleLayer, labelLayer } from "./basemap.js";
import { densityLayer } from "./tiles.js";
import { fade } from "./theme.js";

const POINT_RADIUS_PX = 3.2;
const POINT_RADIUS_NEAR_PX = 5;
const NEAR_ZOOM = 7; // closer in, points are few and want to be easy to hit
const FAR_POINTS = 5000; // more points than that get a smaller radius, so that they do not merge into one blot

/**
 * @param {import('./map.js').PatchworkMap} map
 * @returns {any[]} deck.gl layers
 */
export function buildLayers(map) {
  const { deck, declared, theme, data, view } = map;
  return [
    countryLayer(declared.get("countries"), theme, map.outlines?.at(view) ?? []),
    graticuleLayer(deck, theme, map.graticule.at(view)),
    ...map.sets.filter((set) => set.shown && set.store.mode === "density").map((set) => density(map, set)),
    ...(map.labels.length ? [labelLayer(deck, theme, map.labels, map)] : []), // an empty atlas is a WebGL error
    ...map.sets.map((set) => points(map, set, view)),
    ...map.sets.flatMap((set) => chips(map, set, data)),
    ...selectionLayers(deck, theme, data),
    ...markLayers(map),
  ];
}

function density(map, set) {
  return densityLayer(map.deck, map.declared.get("density"), {
    dataset: set.name,
    query: map.tileQuery,
    theme: map.theme.dark ? "dark" : "light",
    onError: (error) => map.fail(error),
    onLoad: () => map.drawn(set.name),
  });
}

function points(map, set, view) {
  const {
    points: { n, positions },
    mode,
  } = set.store;
  const covered = set.chips.footprints.length > 0;
  const radius = view.zoom >= NEAR_ZOOM ? POINT_RADIUS_NEAR_PX : n > FAR_POINTS ? 1.8 : POINT_RADIUS_PX;
  return map.declared.get("points").clone({
    id: `points-${set.name}`,
    data: { length: n, attributes: { getPosition: { value: positions, size: 2 } } },
    visible: set.shown && mode === "points" && !covered,
    getRadius: radius,
    getFillColor: fade(set.colour(map.theme), 0.85),
    getLineColor: map.theme.dark ? [12, 19, 25, 220] : [255, 255, 255, 230],
    stroked: n <= FAR_POINTS,
  });
}

function chips(map, set, data) {
  if (!set.shown) return [];
  return set.chips.layers(map.deck, set.chipStyle(), {
    opacity: data.opacity,
    frame: [...set.colour(map.theme).slice(0, 3), 235],
  });
}

function selectionLayers(deck, theme, { selection }) {
  const rings = selection ? [selection] : [];
  return [
    new deck.PolygonLayer({
      id: "selection",
      data: rings,
      getPolygon: (ring) => ring,
      getFillColor: fade(theme.accent, 0.1),
      getLineColor: fade(theme.accent, 1),
      getLineWidth: 2,
      lineWidthUnits: "pixels",
      updateTriggers: { getFillColor: [theme.dark], getLineColor: [theme.dark] },
    }),
  ];
}

/** Rings around the selected and the pointed-at sample; frames where their chips are drawn. */
function markLayers({ deck, theme, sets, marks }) {
  const footprints = sets.flatMap(({ name, chips: { footprints: found } }) =>
    found.map((footprint) => [`${name}/${footprint.id}`, footprint]),
  );
  const framed = new Map(footprints);
  const keyOf = ({ dataset, id }) => `${dataset}/${id}`;
  const ink = theme.dark ? [255, 255, 255, 255] : [17, 24, 39, 255];
  const line = {
    getLineColor: ink,
    getLineWidth: 2.5,
    lineWidthUnits: "pixels",
    filled: false,
    stroked: true,
    updateTriggers: { getLineColor: [theme.dark] },
  };
  return [
    new deck.ScatterplotLayer({
      ...line,
      id: "marks",
      data: marks.filter((mark) => !framed.has(keyOf(mark))),
      getPosition: ({ lon, lat }) => [lon, lat],
      getRadius: 9,
      radiusUnits: "pixels",
    }),
    new deck.PolygonLayer({
      ...line,
      id: "mark-frames",
      data: marks.map((mark) => framed.get(keyOf(mark))).filter(Boolean),
      getPolygon: ({ corners }) => corners,
    }),
  ];
}
