/** The place in the address: what Python wrote stays, each key stands once. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { rememberPlace, withPlace } from "../../../components/player/address.js";

test("the place replaces an older one and leaves the rest", () => {
  const place = { split: "val", shard: "a b.tar", sample: "x_1" };
  assert.equal(withPlace("", place), "split=val&shard=a%20b.tar&sample=x_1");
  assert.equal(
    withPlace("?sample=old&pace=4&shard=other.tar&preset=vv", place),
    "pace=4&preset=vv&split=val&shard=a%20b.tar&sample=x_1",
  );
});

test("the address of another page stays as it is", () => {
  const written = [];
  globalThis.location = { pathname: "/compare", search: "?sample=a", hash: "" };
  globalThis.history = { state: null, replaceState: (_state, _title, address) => written.push(address) };
  rememberPlace({ sample: "x_1" }, "/stream");
  assert.deepEqual(written, []);
  rememberPlace({ sample: "x_1" }, "/compare");
  assert.deepEqual(written, ["/compare?sample=x_1"]);
});
