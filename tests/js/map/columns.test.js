/** Packed columns: what a server wrote is read without a copy, and damage is told, not guessed around. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { parseColumns } from "../../../components/map/columns.js";

const pad = (n) => Math.ceil(n / 8) * 8;

/** Writer of the layout, straight from its description. */
function pack(n, columns) {
  let offset = 0;
  const described = [];
  const buffers = [];
  for (const { name, dtype, bytes, ...rest } of columns) {
    described.push({ name, dtype, offset, length: bytes.byteLength, ...rest });
    buffers.push([offset, new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength)]);
    offset = pad(offset + bytes.byteLength);
  }
  const json = new TextEncoder().encode(JSON.stringify({ n, columns: described }));
  const header = new Uint8Array(pad(4 + json.length) - 4).fill(0x20);
  header.set(json);
  const start = 4 + header.length;
  const buffer = new ArrayBuffer(start + offset);
  new DataView(buffer).setUint32(0, header.length, true);
  new Uint8Array(buffer, 4, header.length).set(header);
  for (const [at, bytes] of buffers) new Uint8Array(buffer, start + at, bytes.byteLength).set(bytes);
  return buffer;
}

const IDS = ["a_1", "b_2", "c_3"];
const sample = () =>
  pack(3, [
    { name: "lon", dtype: "f8", bytes: Float64Array.of(1.5, -179.25, 13) },
    { name: "country", dtype: "u2", bytes: Uint16Array.of(1, 0, 65535), categories: ["Austria", "Zürich"] },
    { name: "lat", dtype: "f4", bytes: Float32Array.of(1, 2, 3) },
    { name: "id", dtype: "utf8-json", bytes: new TextEncoder().encode(JSON.stringify(IDS)) },
  ]);

test("numbers, words and ids come back", () => {
  const columns = parseColumns(sample());
  assert.equal(columns.n, 3);
  assert.deepEqual([...columns.column("lon")], [1.5, -179.25, 13]);
  assert.deepEqual([...columns.column("lat")], [1, 2, 3]);
  assert.deepEqual(columns.column("id"), IDS);
  assert.equal(columns.text("country", 0), "Zürich");
  assert.equal(columns.text("country", 2), "", "a code without a category is a null");
  assert.equal(columns.text("season", 0), "", "a column that is not there has no words");
});

test("typed arrays are views, not copies", () => {
  const buffer = sample();
  assert.equal(parseColumns(buffer).column("lon").buffer, buffer);
});

test("damage is an error with a reason", () => {
  assert.throws(() => parseColumns(new ArrayBuffer(2)), /too short/);
  assert.throws(() => parseColumns(sample().slice(0, 40)), /cut off/);
  const buffer = sample();
  assert.throws(() => parseColumns(buffer.slice(0, buffer.byteLength - 16)), /cut off/);
  assert.throws(() => parseColumns(pack(1, [{ name: "x", dtype: "i9", bytes: new Uint8Array(8) }])), /unknown type/);
  assert.throws(() => parseColumns(sample()).column("height"), /no column/);
});

test("no rows are no problem", () => {
  const columns = parseColumns(pack(0, [{ name: "lon", dtype: "f8", bytes: new Float64Array(0) }]));
  assert.equal(columns.column("lon").length, 0);
});
