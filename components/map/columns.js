/**
 * Reader of packed columns (`application/vnd.patchwork.columns`): many rows as typed arrays, without a copy.
 *
 * Layout: uint32 length of the header (little-endian), the header as JSON padded with spaces so that the data begins on
 * a multiple of eight, then one buffer per column, each on a multiple of eight; offsets count from the start of the data.
 *
 * @typedef {{n: number, column: (name: string) => ArrayLike<number> | string[], text: (name: string, row: number) => string}} Columns
 */

export const CONTENT_TYPE = "application/vnd.patchwork.columns";

const HEADER_LENGTH_BYTES = 4;
const ALIGNMENT_BYTES = 8; // the widest type, float64, may only start there
const ARRAYS = { f4: Float32Array, f8: Float64Array, u1: Uint8Array, u2: Uint16Array, u4: Uint32Array };

/**
 * Open the columns of one answer.
 * @param {ArrayBuffer} buffer
 * @returns {Columns}
 * @throws {Error} where the buffer is shorter than its header says, or a type is unknown
 */
export function parseColumns(buffer) {
  const header = readHeader(buffer);
  const start = dataStart(header.length);
  const columns = new Map();
  for (const column of header.json.columns) columns.set(column.name, openColumn(buffer, start, column));
  const find = (name) => {
    const found = columns.get(name);
    if (!found) throw new Error(`The answer has no column "${name}".`);
    return found;
  };
  return {
    n: header.json.n,
    column: (name) => find(name).values,
    text: (name, row) => {
      const { values, categories } = columns.get(name) ?? { values: [] };
      const value = categories ? categories[values[row]] : values[row];
      return value === undefined || value === null ? "" : String(value);
    },
  };
}

/** @param {number} headerLength bytes of JSON @returns {number} first byte of the data */
function dataStart(headerLength) {
  return Math.ceil((HEADER_LENGTH_BYTES + headerLength) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}

function readHeader(buffer) {
  if (buffer.byteLength < HEADER_LENGTH_BYTES) throw new Error("The answer is too short to hold columns.");
  const length = new DataView(buffer).getUint32(0, true);
  if (HEADER_LENGTH_BYTES + length > buffer.byteLength) throw new Error("The header of the columns is cut off.");
  const text = new TextDecoder().decode(new Uint8Array(buffer, HEADER_LENGTH_BYTES, length));
  return { length, json: JSON.parse(text) };
}

function openColumn(buffer, start, { name, dtype, offset, length, categories }) {
  if (start + offset + length > buffer.byteLength) throw new Error(`Column "${name}" is cut off.`);
  if (dtype === "utf8-json") {
    return { values: JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, start + offset, length))) };
  }
  const Type = ARRAYS[dtype];
  if (!Type) throw new Error(`Column "${name}" has the unknown type "${dtype}".`);
  return { values: new Type(buffer, start + offset, length / Type.BYTES_PER_ELEMENT), categories };
}
