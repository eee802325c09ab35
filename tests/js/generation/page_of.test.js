/** Where a run is shown. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { pageOf } from "../../../components/generation/live/page_of.js";

const RUN = {
  id: "0123abcd",
  dataset: "terramesh",
  sample: "majortom_val_0000001",
  coordinates: null,
  request: { kind: "generate", inputs: ["S2L2A", "DEM"], outputs: ["S1RTC"] },
};

test("a run is shown with its sample and what was asked of it", () => {
  const address = new URL(pageOf(RUN), "http://x");
  assert.equal(address.pathname, "/generate");
  assert.deepEqual(Object.fromEntries(address.searchParams), {
    dataset: "terramesh",
    sample: "majortom_val_0000001",
    inputs: "S2L2A,DEM",
    outputs: "S1RTC",
    run: "0123abcd",
  });
});

test("another kind has a view of its own, a place alone its coordinates", () => {
  const inside = { ...RUN, request: { kind: "reconstruct", inputs: ["DEM"], outputs: [] } };
  assert.match(pageOf(inside), /view=reconstruction&inputs=DEM&run=/);
  const place = new URL(pageOf({ ...RUN, dataset: "", sample: null, coordinates: [11.5, 48] }), "http://x")
    .searchParams;
  assert.equal(place.get("coordinates"), "11.5,48");
  assert.equal(place.has("sample"), false);
});
