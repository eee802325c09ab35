/** NPY in the browser against bytes laid out by hand after the format's description. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { halfToNumber, parseNpy } from "../../../components/viewer/npy.js";
import { readoutAt } from "../../../components/viewer/readout.js";

function npy(dtype, shape, values, order = "False") {
  const text = `{'descr': '${dtype}', 'fortran_order': ${order}, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + "\n";
  const head = new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  const body = new Uint8Array(values.buffer);
  const file = new Uint8Array(head.length + header.length + body.length);
  file.set(head);
  file.set(new TextEncoder().encode(header), head.length);
  file.set(body, head.length + header.length);
  return file.buffer;
}

test("integers and floats come back as they were", () => {
  const array = parseNpy(npy("<i2", [2, 1, 2], new Int16Array([-1, 2, 300, 32767])));
  assert.deepEqual(array.shape, [2, 1, 2]);
  assert.deepEqual([...array.values], [-1, 2, 300, 32767]);
  assert.deepEqual([...parseNpy(npy("<f4", [2], new Float32Array([0.5, -2]))).values], [0.5, -2]);
});

test("half floats: normal, subnormal, zero, infinite, not a number", () => {
  assert.equal(halfToNumber(0x3c00), 1);
  assert.equal(halfToNumber(0xc900), -10);
  assert.equal(halfToNumber(0x0001), 2 ** -24);
  assert.equal(halfToNumber(0x7c00), Infinity);
  assert.ok(Number.isNaN(halfToNumber(0x7e00)));
  assert.deepEqual([...parseNpy(npy("<f2", [2], new Uint16Array([0x3c00, 0xc900]))).values], [1, -10]);
});

test("what is not read says so", () => {
  assert.throws(() => parseNpy(new TextEncoder().encode("<html>sorry</html>").buffer), /not an NPY file/);
  assert.throws(() => parseNpy(npy("<c8", [1], new Float32Array(2))), /not read here/);
  assert.throws(() => parseNpy(npy("<f4", [1, 2], new Float32Array(2), "True")), /not read here/);
});

test("the readout names bands, values and unit at the pixel", () => {
  const radar = {
    ...parseNpy(npy("<f4", [2, 2, 2], new Float32Array([-1, -2, -3, -4, -11, -12, -13, -14]))),
    bands: ["vv", "vh"],
  };
  const panel = { shown: ["vv", "vh"], unit: "dB", classes: new Map() };
  assert.equal(readoutAt([radar], panel, { u: 0.9, v: 0.1 }).text, "vv −2.0  vh −12.0 dB");
  const cover = { ...parseNpy(npy("|u1", [1, 1, 2], new Uint8Array([4, 11]))), bands: ["LULC"] };
  const classes = { shown: ["LULC"], unit: "", classes: new Map([[4, "crops"]]) };
  assert.equal(readoutAt([cover], classes, { u: 0.1, v: 0.5 }).text, "4 crops");
  assert.equal(readoutAt([cover], classes, { u: 0.9, v: 0.5 }).text, "11 unknown class");
  assert.equal(readoutAt([cover], classes, { u: 1.5, v: 0.5 }), null);
});

test("bands of one picture may come from arrays of two resolutions", () => {
  const fine = { ...parseNpy(npy("<u2", [1, 2, 2], new Uint16Array([1, 2, 3, 4]))), bands: ["B08"] };
  const coarse = { ...parseNpy(npy("<u2", [2, 1, 1], new Uint16Array([50, 60]))), bands: ["B11", "B12"] };
  const panel = { shown: ["B12", "B08"], unit: "", classes: new Map() };
  assert.deepEqual(readoutAt([fine, coarse], panel, { u: 0.9, v: 0.9 }).values, { B12: 60, B08: 4 });
});
