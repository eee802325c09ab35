/** Requests: named errors, patience with a busy server, one at a time. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ApiError,
  Latest,
  ask,
  debounce,
  isAbort,
  pictureUrl,
  queryOf,
  thumbnailUrl,
} from "../../../components/browser/requests.js";

const answers = (...responses) => {
  const asked = [];
  globalThis.fetch = async (url, { signal } = {}) => {
    asked.push(url);
    if (signal?.aborted) throw new DOMException("aborted", "AbortError");
    return responses[Math.min(asked.length, responses.length) - 1]();
  };
  return asked;
};
const busy = () =>
  Response.json(
    { error: "busy", message: "full", retryable: true },
    { status: 429, headers: { "Retry-After": "0.01" } },
  );

test("an error carries the words of the API", async () => {
  answers(() =>
    Response.json({ error: "bad_filter", message: "Use one of these.", retryable: false }, { status: 400 }),
  );
  await assert.rejects(
    ask("/x"),
    (error) =>
      error instanceof ApiError &&
      error.code === "bad_filter" &&
      error.message === "Use one of these." &&
      !error.retryable,
  );
});

test("an answer without JSON still has a message", async () => {
  answers(() => new Response("<html>", { status: 502 }));
  await assert.rejects(ask("/x"), (error) => /502/.test(error.message) && error.retryable);
});

test("a server that does not answer is said to be unreachable", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("failed to fetch");
  };
  await assert.rejects(ask("/x"), (error) => error.code === "unreachable");
});

test("a busy server is asked again", async () => {
  const asked = answers(busy, busy, () => new Response("here"));
  assert.equal(await (await ask("/x")).text(), "here");
  assert.equal(asked.length, 3);
});

test("the next request cancels the one before", async () => {
  const latest = new Latest();
  const first = latest.next();
  latest.next();
  assert.ok(first.aborted);
  answers(() => new Response(""));
  await assert.rejects(ask("/x", { signal: first }), isAbort);
});

test("only the last of many calls is made", async () => {
  const made = [];
  const later = debounce((value) => made.push(value), 5);
  later(1);
  later(2);
  later(3);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.deepEqual(made, [3]);
});

test("queries leave empty parts out", () => {
  assert.equal(queryOf("", "a=1", "", "b=2"), "?a=1&b=2");
  assert.equal(queryOf("", ""), "");
});

test("a picture's address says what is drawn, and a strange id can not leave its place", () => {
  const look = { preset: "a&b", size: 64, revision: "r1" };
  assert.equal(
    pictureUrl("terramesh", "x/..", "DEM", look),
    "/api/terramesh/samples/x%2F../DEM.webp?preset=a%26b&size=64&v=r1",
  );
  assert.equal(
    pictureUrl("terramesh", "x", "DEM", { ...look, preset: "" }),
    "/api/terramesh/samples/x/DEM.webp?size=64&v=r1",
  );
});

test("a thumbnail's address names the revision alone", () => {
  assert.equal(thumbnailUrl("terramesh", "x/..", "r1"), "/api/terramesh/samples/x%2F../thumbnail.webp?v=r1");
});
