/** Keys and steps: nothing is taken from the elements that need their own keys, and no step is lost. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { isTaken, nameOf } from "../../../components/viewer/keys.js";
import { Stepper } from "../../../components/viewer/stepper.js";

test("keys have names", () => {
  assert.equal(nameOf({ key: "C", shiftKey: true }), "c");
  assert.equal(nameOf({ key: "ArrowLeft", shiftKey: true }), "Shift+ArrowLeft");
  assert.equal(nameOf({ key: "?", shiftKey: true }), "?");
});

test("a shortcut of the browser and a key for an input are left alone", () => {
  const event = (changes, path = []) => ({ key: "c", composedPath: () => path, ...changes });
  const input = { matches: (selector) => selector.includes("input") };
  assert.ok(isTaken(event({ ctrlKey: true })));
  assert.ok(isTaken(event({}, [{}, input, {}])));
  assert.ok(!isTaken(event({}, [{ matches: () => false }, {}])));
  const slider = { matches: (selector) => selector.includes("[role=slider]") };
  assert.ok(isTaken(event({ key: "ArrowLeft" }, [slider])), "it moves");
  assert.ok(!isTaken(event({}, [slider])));
});

test("a second step waits for the first sample, and the edge of the selection is one", (context) => {
  context.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  const stepper = new Stepper((direction) => asked.push(direction));
  stepper.step("next");
  assert.deepEqual(asked, [], "there is nowhere to go yet");
  stepper.ways = ["next"];
  stepper.step("next");
  stepper.step("next");
  stepper.step("next");
  assert.equal(asked.length, 1);
  stepper.arrive();
  mock.timers.tick(1);
  assert.equal(asked.length, 2);
  stepper.ways = ["previous"];
  stepper.arrive();
  stepper.step("next");
  assert.equal(asked.length, 2);
});

test("a step that brings no sample does not block the next one for ever", (context) => {
  context.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  const stepper = new Stepper((direction) => asked.push(direction));
  stepper.ways = ["next"];
  stepper.step("next");
  mock.timers.tick(5000);
  stepper.step("next");
  assert.equal(asked.length, 2);
});
