/** Pins, and what is read at them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { roundTicks } from "../../../components/viewer/line_chart.js";
import { MAX_PINS, pinsFromText, pinsToText, signOf, toggled, without } from "../../../components/viewer/pins.js";
import { CENTRAL_NM, isSpectral, spectrumAt, valueAt } from "../../../components/viewer/spectrum.js";

const at = (u, v) => ({ u, v });

test("a click sets a pin, a click on it takes it away, also when it is magnified", () => {
  const one = toggled([], at(0.5, 0.5), 1);
  assert.deepEqual(one, [at(0.5, 0.5)]);
  assert.deepEqual(toggled(one, at(0.51, 0.5), 1), []);
  assert.equal(toggled(one, at(0.51, 0.5), 16).length, 2, "far away on the screen");
});

test("no pin outside, and none beyond the last sign", () => {
  assert.deepEqual(toggled([], at(-0.01, 0.5), 1), []);
  assert.deepEqual(toggled([], at(0.5, 1), 1), []);
  const full = Array.from({ length: MAX_PINS }, (_, i) => at(0.1 + i / 10, 0.5));
  assert.equal(toggled(full, at(0.5, 0.9), 1).length, MAX_PINS);
  assert.equal(new Set(full.map((_, i) => signOf(i).colour)).size, MAX_PINS);
  assert.equal(without(full, 0)[0], full[1]);
});

test("pins survive their text, and junk is left out", () => {
  const pins = [at(0.125, 0.25), at(0.9999, 0)];
  assert.deepEqual(pinsFromText(pinsToText(pins)), pins);
  for (const junk of ["", null, "1,2", "a,b", ";;", "0.5", "-0.1,0.5", ",", "0.1,0.2,0.3", "NaN,0"])
    assert.deepEqual(pinsFromText(junk), []);
  assert.deepEqual(pinsFromText("0.1,0.2;x;0.3,0.4"), [at(0.1, 0.2), at(0.3, 0.4)]);
  assert.equal(pinsFromText("0.1,0.1;".repeat(50)).length, MAX_PINS);
});

function channel(colour, i) {
  const part = Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16) / 255;
  return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; // WCAG 2.1, relative luminance
}

test("letters can be read on their colours", () => {
  for (let i = 0; i < MAX_PINS; i++) {
    const { colour, ink } = signOf(i);
    const light = 0.2126 * channel(colour, 0) + 0.7152 * channel(colour, 1) + 0.0722 * channel(colour, 2);
    const other = ink === "#fff" ? 1 : 0;
    const contrast = (Math.max(light, other) + 0.05) / (Math.min(light, other) + 0.05);
    assert.ok(contrast > 3.4, `${colour}: ${contrast}`);
  }
});

test("a spectrum goes by wavelength, over arrays of several resolutions, without the offset", () => {
  const fine = { bands: ["B08", "B02"], shape: [2, 2, 2], values: [1, 2, 3, 4000, 1, 2, 3, 1500] };
  const coarse = { bands: ["B11", "B8A"], shape: [2, 1, 1], values: [2000, 3500] };
  const curve = spectrumAt([fine, coarse], at(0.9, 0.9), "present");
  assert.deepEqual(
    curve.map(({ band }) => band),
    ["B02", "B08", "B8A", "B11"],
  );
  assert.deepEqual(
    curve.map(({ reflectance }) => reflectance),
    [0.05, 0.3, 0.25, 0.1],
  );
  assert.equal(spectrumAt([fine], at(0.9, 0.9), "unknown")[0].reflectance, 0.15);
  assert.equal(valueAt([fine], "B02", at(1.2, 0)), null);
  assert.ok(isSpectral(Object.keys(CENTRAL_NM)));
  assert.ok(!isSpectral(["B04", "B03", "B02"]));
});

test("axes begin and end at round numbers around the values", () => {
  assert.deepEqual(roundTicks(0, 0.37, 5), [0, 0.1, 0.2, 0.3, 0.4]);
  assert.deepEqual(roundTicks(-0.02, 0.1, 5), [-0.025, 0, 0.025, 0.05, 0.075, 0.1]);
  for (const [low, high] of [
    [0, 1],
    [3, 3],
    [-0.3, 1],
    [0, 0.1],
  ]) {
    const ticks = roundTicks(low, high, 5);
    assert.ok(ticks.length <= 12 && ticks[0] <= low && ticks.at(-1) >= high, String(ticks));
  }
});
