/** Density tiles: how many samples there are where single points would be too many. */

import { ask, isAbort, queryOf } from "../browser/requests.js";

const TILE_PX = 256; // what the API draws
const DEEPEST_ZOOM = 14; // deeper tiles only repeat what the parent shows; points have taken over by then

/**
 * @param {Record<string, any>} deck deck.gl's classes
 * @param {any} declared the TileLayer as pydeck declared it
 * @param {{dataset: string, query: string, theme: 'light' | 'dark', onError: (error: Error) => void, onLoad: () => void}} options
 * @returns {any} the layer to draw
 */
export function densityLayer(deck, declared, { dataset, query, theme, onError, onLoad }) {
  return declared.clone({
    id: `density-${dataset}`,
    data: `/api/${dataset}/tiles/{z}/{x}/{y}.png${queryOf(query, `theme=${theme}`)}`,
    tileSize: TILE_PX,
    maxZoom: DEEPEST_ZOOM,
    maxRequests: 0, // no limit of its own: the browser has one, and waits for no frame between two requests
    refinementStrategy: "best-available",
    getTileData: ({ url, signal }) => fetchTile(url, signal),
    onTileError: (error) => {
      if (!isAbort(error)) onError(error);
    },
    onViewportLoad: onLoad,
    renderSubLayers: (props) => renderTile(deck, props),
  });
}

/**
 * One tile as pixels.
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<ImageBitmap | null>} null where the tile is empty
 */
async function fetchTile(url, signal) {
  const response = await ask(url, { signal });
  if (response.status === 204) return null;
  return createImageBitmap(await response.blob());
}

function renderTile(deck, props) {
  if (!props.data) return null;
  const { west, south, east, north } = props.tile.bbox;
  return new deck.BitmapLayer(props, {
    data: null,
    image: props.data,
    bounds: [west, south, east, north],
    textureParameters: { magFilter: "nearest" },
  });
}

/**
 * Where a filter leaves samples, to the accuracy of one cell of the world tile (1.4 degrees).
 * @param {string} dataset
 * @param {string} query
 * @returns {Promise<{x: Float64Array, y: Float64Array} | null>} cell centres on the unit world map; null where empty
 */
export async function occupiedCells(dataset, query) {
  const bitmap = await fetchTile(`/api/${dataset}/tiles/0/0/0.png${queryOf(query)}`, undefined);
  if (!bitmap) return null;
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const x = [];
  const y = [];
  for (let pixel = 0; pixel < bitmap.width * bitmap.height; pixel += 1) {
    if (!data[4 * pixel + 3]) continue;
    x.push(((pixel % bitmap.width) + 0.5) / bitmap.width);
    y.push((Math.floor(pixel / bitmap.width) + 0.5) / bitmap.height);
  }
  return x.length ? { x: Float64Array.from(x), y: Float64Array.from(y) } : null;
}
