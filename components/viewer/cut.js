/**
 * A part of a sample shown as if it were all: beside what was made of that part alone, so that places agree.
 *
 * @typedef {number[]} Cut left, top, width and height, as parts of the sample
 */

/**
 * @param {Cut} cut
 * @param {number} width of the whole, in pixels
 * @param {number} height
 * @returns {{left: number, top: number, width: number, height: number}} in whole pixels
 */
export function pixelsOf([left, top, wide, high], width, height) {
  return {
    left: Math.round(left * width),
    top: Math.round(top * height),
    width: Math.max(1, Math.round(wide * width)),
    height: Math.max(1, Math.round(high * height)),
  };
}

/**
 * @param {{shape: number[], values: ArrayLike<number>, dtype: string}} array [band, y, x]
 * @param {Cut | null | undefined} cut
 * @returns {{shape: number[], values: ArrayLike<number>, dtype: string}}
 */
export function cutArray(array, cut) {
  if (!cut) return array;
  const [bands, height, width] = array.shape;
  const part = pixelsOf(cut, width, height);
  const values = new array.values.constructor(bands * part.height * part.width);
  for (let band = 0; band < bands; band += 1)
    for (let row = 0; row < part.height; row += 1) {
      const from = (band * height + part.top + row) * width + part.left;
      values.set(array.values.subarray(from, from + part.width), (band * part.height + row) * part.width);
    }
  return { ...array, shape: [bands, part.height, part.width], values };
}

/**
 * @param {ImageBitmap} picture it is closed where a part of it is given
 * @param {Cut | null | undefined} cut
 * @returns {Promise<ImageBitmap>}
 */
export async function cutPicture(picture, cut) {
  if (!cut) return picture;
  const { left, top, width, height } = pixelsOf(cut, picture.width, picture.height);
  const part = await createImageBitmap(picture, left, top, width, height);
  picture.close();
  return part;
}
