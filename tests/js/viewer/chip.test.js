/** Loading: the newest request wins, pictures are let go of, failures are said. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Chip, Values } from "../../../components/viewer/chip.js";

/** A server whose answers are let through one by one. */
function server() {
  const waiting = new Map();
  globalThis.fetch = (url, { signal } = {}) =>
    new Promise((resolve, reject) => {
      waiting.set(url, resolve);
      signal?.addEventListener("abort", () => reject(new DOMException("superseded", "AbortError")));
    });
  return async (url, response) => {
    waiting.get(url)(response);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
}

const bitmaps = [];
globalThis.createImageBitmap = async () => {
  const bitmap = {
    closed: false,
    close() {
      this.closed = true;
    },
  };
  bitmaps.push(bitmap);
  return bitmap;
};
const image = () => new Response(new Blob(["x"]));
const legend = (recipe) => Response.json({ recipe });

test("picture and legend appear together, and the picture before is closed", async () => {
  const answer = server();
  const chip = new Chip(() => {});
  chip.load("/a.webp", "/a/legend");
  await answer("/a.webp", image());
  assert.equal(chip.picture, null, "not without its legend");
  await answer("/a/legend", legend("a"));
  const first = chip.picture;
  assert.equal(chip.legend.recipe, "a");
  chip.load("/b.webp", null);
  assert.equal(chip.picture, first, "stays until the new one is there");
  await answer("/b.webp", image());
  assert.ok(first.closed);
  assert.ok(!chip.picture.closed);
  chip.close();
  assert.ok(bitmaps.at(-1).closed);
});

test("a picture that is decoded after the user moved on is closed, not shown", async () => {
  const answer = server();
  const chip = new Chip(() => {});
  let decoded;
  const usual = globalThis.createImageBitmap;
  globalThis.createImageBitmap = () => new Promise((resolve) => (decoded = resolve));
  chip.load("/old.webp", null);
  await answer("/old.webp", image());
  globalThis.createImageBitmap = usual;
  chip.load("/new.webp", null);
  await answer("/new.webp", image());
  const shown = chip.picture;
  const late = await usual();
  decoded(late);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(chip.picture, shown);
  assert.ok(late.closed);
});

test("a failure is kept with its words, and the next load starts anew", async () => {
  const answer = server();
  const chip = new Chip(() => {});
  chip.load("/a.webp", null);
  await answer("/a.webp", Response.json({ error: "x", message: "It broke.", retryable: false }, { status: 500 }));
  assert.equal(chip.error.message, "It broke.");
  chip.load("/a.webp", null);
  assert.equal(chip.error, null);
});

test("values of another sample are never shown under this one", async () => {
  const answer = server();
  const values = new Values(() => {});
  values.from([{ url: "/a.npy", bands: ["x"] }]);
  values.load();
  values.from([{ url: "/b.npy", bands: ["x"] }]);
  await answer("/a.npy", new Response("late"));
  assert.equal(values.arrays, null);
  assert.equal(values.error, null);
  values.load();
  await answer("/b.npy", new Response("<html>"));
  assert.match(values.error.message, /not an NPY file/);
  const asked = globalThis.fetch;
  globalThis.fetch = () => assert.fail("a failure is not asked for again by itself");
  values.load();
  globalThis.fetch = asked;
  values.load(true);
  assert.equal(values.error, null);
});
