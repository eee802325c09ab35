/** The store of points: asks once, asks again only when it must, and turns "too many" into density. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { PointStore, extentOf, pointSet } from "../../../components/map/points.js";

const EUROPE = { longitude: 10, latitude: 50, zoom: 5, width: 800, height: 600 };
let asked = [];
let answer = () => new Response(packed([[10, 50]]));

beforeEach(() => {
  asked = [];
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    return answer();
  };
});
afterEach(() => {
  answer = () => new Response(packed([[10, 50]]));
});

function packed(places) {
  const lon = Float64Array.from(places, ([value]) => value);
  const lat = Float64Array.from(places, ([, value]) => value);
  const ids = new TextEncoder().encode(JSON.stringify(places.map((_, i) => `s${i}`)));
  const columns = [
    { name: "lon", dtype: "f8", offset: 0, length: lon.byteLength },
    { name: "lat", dtype: "f8", offset: lon.byteLength, length: lat.byteLength },
    { name: "id", dtype: "utf8-json", offset: 2 * lon.byteLength, length: ids.byteLength },
  ];
  let header = JSON.stringify({ n: places.length, columns });
  header += " ".repeat(Math.ceil((4 + header.length) / 8) * 8 - 4 - header.length);
  const bytes = new Uint8Array(4 + header.length + 2 * lon.byteLength + ids.byteLength);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(new TextEncoder().encode(header), 4);
  bytes.set(new Uint8Array(lon.buffer), 4 + header.length);
  bytes.set(new Uint8Array(lat.buffer), 4 + header.length + lon.byteLength);
  bytes.set(ids, 4 + header.length + 2 * lon.byteLength);
  return bytes;
}

const tooMany = () => Response.json({ error: "too_large", message: "too many", retryable: false }, { status: 413 });

test("few samples are asked for once, for the whole world", async () => {
  const store = new PointStore("terramesh", () => {});
  await store.update("season=Fall", 200, EUROPE);
  await store.update("season=Fall", 200, { ...EUROPE, longitude: -120 });
  assert.equal(asked.length, 1);
  assert.match(asked[0], /^\/api\/terramesh\/points\?season=Fall&bbox=-180,-90,180,90&limit=30000$/);
  assert.equal(store.mode, "points");
  assert.deepEqual(store.points.ids, ["s0"]);
});

test("many samples are asked for around the view, and again when it leaves", async () => {
  const store = new PointStore("terramesh", () => {});
  await store.update("", 9e6, EUROPE);
  await store.update("", 9e6, { ...EUROPE, longitude: 10.5 });
  assert.equal(asked.length, 1, "a small pan stays within what was prefetched");
  await store.update("", 9e6, { ...EUROPE, longitude: 60 });
  assert.equal(asked.length, 2);
});

test("another filter asks again at once", async () => {
  const store = new PointStore("terramesh", () => {});
  await store.update("a=1", 10, EUROPE);
  await store.update("a=2", 10, EUROPE);
  assert.equal(asked.length, 2);
});

test("too many is density, and zooming out does not ask again", async () => {
  answer = tooMany;
  const store = new PointStore("terramesh", () => {});
  await store.update("", 9e6, EUROPE);
  assert.equal(store.mode, "density");
  await store.update("", 9e6, { ...EUROPE, zoom: 2 });
  assert.equal(asked.length, 1);
  await store.update("", 9e6, { ...EUROPE, zoom: 9 });
  assert.equal(asked.length, 2, "closer in there may be few enough");
});

test("no match asks nothing", async () => {
  const store = new PointStore("terramesh", () => {});
  await store.update("", 0, EUROPE);
  assert.equal(store.mode, "empty");
  assert.equal(asked.length, 0);
});

test("a failure is reported and the tiles take over", async () => {
  answer = () => Response.json({ error: "bad_shard", message: "It is broken.", retryable: false }, { status: 500 });
  const errors = [];
  const store = new PointStore("terramesh", ({ error }) => error && errors.push(error.message));
  await store.update("", 10, EUROPE);
  assert.deepEqual(errors, ["It is broken."]);
  assert.equal(store.mode, "density");
});

test("the extent goes the short way over the antimeridian", () => {
  const columns = (places) => ({
    n: places.length,
    text: () => "",
    column: (name) => (name === "id" ? places.map(String) : places.map(([lon, lat]) => (name === "lon" ? lon : lat))),
  });
  const { west, east, south, north } = extentOf([
    pointSet(
      columns([
        [178, -17],
        [-179, -16],
        [177, -18],
      ]),
    ),
  ]);
  assert.ok(Math.abs(west - 177) < 1e-9 && Math.abs(east + 179) < 1e-9, `${west} ${east}`);
  assert.ok(Math.abs(south + 18) < 1e-9 && Math.abs(north + 16) < 1e-9);
  assert.equal(extentOf([pointSet(columns([]))]), null);
});

test("a collection that is opened later is asked for, though the filter is the same", async () => {
  const store = new PointStore("terramesh", () => {});
  await store.update("", 0, EUROPE);
  assert.equal(store.mode, "empty");
  await store.update("", 1, EUROPE);
  assert.equal(store.mode, "points");
  assert.equal(asked.length, 1);
  await store.update("", 1, EUROPE);
  assert.equal(asked.length, 1, "and not again");
});
