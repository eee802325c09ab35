/**
 * Reading the NPY format in the browser: what `numpy.save` writes and the API serves under `.npy`.
 * Format: numpy.lib.format, versions 1 to 3. Little-endian and single-byte types, C order.
 */

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const READERS = {
  "|u1": (buffer, offset, length) => new Uint8Array(buffer, offset, length),
  "|i1": (buffer, offset, length) => new Int8Array(buffer, offset, length),
  "<u2": (buffer, offset, length) => new Uint16Array(buffer, offset, length),
  "<i2": (buffer, offset, length) => new Int16Array(buffer, offset, length),
  "<u4": (buffer, offset, length) => new Uint32Array(buffer, offset, length),
  "<i4": (buffer, offset, length) => new Int32Array(buffer, offset, length),
  "<f4": (buffer, offset, length) => new Float32Array(buffer, offset, length),
  "<f8": (buffer, offset, length) => new Float64Array(buffer, offset, length),
  "<f2": (buffer, offset, length) => Float32Array.from(new Uint16Array(buffer, offset, length), halfToNumber),
};

/**
 * Decode an IEEE 754 binary16 bit pattern. Float16Array is too young to rely on.
 * @param {number} bits unsigned 16-bit pattern
 * @returns {number}
 */
export function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Parse an NPY file.
 * @param {ArrayBuffer} buffer the whole file
 * @returns {{shape: number[], values: ArrayLike<number>, dtype: string}} values in C order
 * @throws {Error} when the bytes are not NPY, or hold a type or order that is not read here
 */
export function parseNpy(buffer) {
  const bytes = new Uint8Array(buffer);
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw new Error("not an NPY file");
  const view = new DataView(buffer);
  const wide = bytes[6] > 1; // version 1 counts the header in two bytes, later versions in four
  const start = wide ? 12 : 10;
  const headerLength = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, start + headerLength));
  const dtype = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/
    .exec(header)?.[1]
    .split(",")
    .filter((n) => n.trim())
    .map(Number);
  if (!shape || !READERS[dtype] || /'fortran_order':\s*True/.test(header)) {
    throw new Error(`an NPY array of this kind is not read here: ${header.trim()}`);
  }
  const length = shape.reduce((product, n) => product * n, 1);
  return { shape, dtype, values: READERS[dtype](buffer, start + headerLength, length) };
}
