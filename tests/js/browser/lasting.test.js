/** What a component draws lives as long as its element, however often Streamlit calls and cleans up. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { lasting } from "../../../components/browser/lasting.js";

class Part {
  static made = [];

  constructor() {
    Part.made.push(this);
    Object.assign(this, { seen: [], closed: 0 });
  }

  update({ data }) {
    this.seen.push(data);
  }

  close() {
    this.closed += 1;
  }
}

test("one part takes all data of its element, and closes once that is gone", async () => {
  const mount = lasting(Part);
  const parentElement = { host: { isConnected: true } };
  const cleanUps = ["first", "second"].map((data) => mount({ parentElement, data }));
  mount({ parentElement: { host: { isConnected: true } }, data: "elsewhere" });
  cleanUps[0](); // of a call that the second one overtook
  await pause(5);
  assert.deepEqual(
    Part.made.map(({ seen, closed }) => [seen, closed]),
    [
      [["first", "second"], 0],
      [["elsewhere"], 0],
    ],
  );
  parentElement.host.isConnected = false;
  for (const cleanUp of cleanUps) cleanUp();
  await pause(5);
  assert.equal(Part.made[0].closed, 1);
  mount({ parentElement, data: "anew" });
  assert.equal(Part.made.length, 3);
});
