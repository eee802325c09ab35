/** The store of chips: pictures leave in the order of their last use, and their memory with them. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { CHIP_LIMIT, ChipStore } from "../../../components/map/chips.js";

const SCREENS_KEPT = 4; // at most: 256 pictures of 64 chips each
const VIEW = { longitude: 10, latitude: 50, zoom: 12, width: 800, height: 600 };
const STYLE = { query: "", modality: "S2L2A", preset: "", from: ["S2L2A"], revision: "r1", metres: 2640 };
const LOOK = { opacity: 1, frame: [0, 0, 0, 255] };
const deck = {
  BitmapLayer: class {
    constructor(props) {
      Object.assign(this, props);
    }
  },
  PolygonLayer: class {},
};
let asked = [];
let pictures = [];

beforeEach(() => {
  asked = [];
  pictures = [];
  globalThis.fetch = async (url, { signal } = {}) => {
    if (signal?.aborted) throw new DOMException("aborted", "AbortError");
    asked.push(String(url));
    return url.includes("/footprints") ? Response.json({ items: footprints("first") }) : new Response(url);
  };
  globalThis.createImageBitmap = async (blob) => {
    const picture = { address: await blob.text(), closed: false, close: () => (picture.closed = true) };
    pictures.push(picture);
    return picture;
  };
});

const footprints = (name) =>
  Array.from({ length: CHIP_LIMIT }, (_, i) => ({
    id: `${name}_${i}`,
    corners: [
      [0, 1],
      [1, 1],
      [1, 0],
      [0, 0],
    ],
    modalities: ["S2L2A"],
  }));
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const bitmaps = (store) => store.layers(deck, STYLE, LOOK).filter((layer) => layer instanceof deck.BitmapLayer);

async function show(store, name) {
  store.footprints = footprints(name);
  bitmaps(store);
  await settled();
}

test("what is on the screen stays, what was used longest ago goes and is released", async () => {
  const store = new ChipStore("terramesh", () => {});
  await show(store, "home");
  for (let screen = 1; screen < SCREENS_KEPT; screen += 1) await show(store, `away${screen}`);
  assert.ok(pictures.every(({ closed }) => !closed));
  store.footprints = footprints("home");
  assert.equal(bitmaps(store).length, CHIP_LIMIT, "still kept");
  await show(store, "new");
  const closed = pictures.filter((picture) => picture.closed);
  assert.equal(closed.length, CHIP_LIMIT);
  assert.ok(closed.every(({ address }) => address.includes("away1_")));
  store.footprints = footprints("home");
  assert.equal(bitmaps(store).length, CHIP_LIMIT);
});

test("stopping releases every picture, also one that arrives later, and reports nothing", async () => {
  let changes = 0;
  const store = new ChipStore("terramesh", () => (changes += 1));
  await show(store, "home");
  store.footprints = footprints("late");
  bitmaps(store);
  const before = changes;
  store.stop();
  await settled();
  assert.ok(pictures.length >= CHIP_LIMIT);
  assert.ok(pictures.every(({ closed }) => closed));
  assert.equal(changes, before);
});

test("another revision of the collection is asked for, the same one is not", async () => {
  const store = new ChipStore("terramesh", () => {});
  await store.update(STYLE, VIEW);
  await store.update(STYLE, VIEW);
  assert.equal(asked.length, 1);
  await store.update({ ...STYLE, revision: "r2" }, VIEW);
  assert.equal(asked.length, 2);
});
