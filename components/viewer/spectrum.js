/** Spectral curves: reflectance over wavelength at one place. */

import { pixelAt } from "./view.js";

/** Nominal central wavelengths of Sentinel-2's MSI in nm, the same for all its satellites: ESA User Handbook, 2015. */
export const CENTRAL_NM = {
  B01: 443,
  B02: 490,
  B03: 560,
  B04: 665,
  B05: 705,
  B06: 740,
  B07: 783,
  B08: 842,
  B8A: 865,
  B09: 945,
  B10: 1375,
  B11: 1610,
  B12: 2190,
};
const QUANTIFICATION = 10000; // stored value of a reflectance of 1
const OFFSET = 1000; // added by processing baselines from 04.00 on
const FEWEST_BANDS = 6; // less is a colour, not a spectrum

/**
 * The value of one band at one place.
 * @param {{bands: string[], shape: number[], values: ArrayLike<number>}[]} arrays each [band, y, x]
 * @param {string} band
 * @param {import("./view.js").Place} place
 * @returns {number | null} null where no array has the band, and outside the sample
 */
export function valueAt(arrays, band, place) {
  const array = arrays.find(({ bands }) => bands.includes(band));
  const pixel = array && pixelAt(place, array.shape[2], array.shape[1]);
  if (!pixel) return null;
  const [, height, width] = array.shape;
  return array.values[(array.bands.indexOf(band) * height + pixel.row) * width + pixel.column];
}

/**
 * @param {string[]} bands of a modality
 * @returns {boolean} whether a spectral curve can be drawn of them
 */
export function isSpectral(bands) {
  return bands.filter((band) => CENTRAL_NM[band]).length >= FEWEST_BANDS;
}

/**
 * @param {string} state whether the values of a modality carry the +1000: present, absent or unknown
 * @returns {number} what to take away to get the reflectance × 10000
 */
export function offsetOf(state) {
  return state === "present" ? OFFSET : 0;
}

/**
 * @param {{bands: string[], shape: number[], values: ArrayLike<number>}[]} arrays
 * @param {import("./view.js").Place} place
 * @param {string} offset whether the values carry the +1000: it is taken away where it is `present`
 * @returns {{band: string, nm: number, reflectance: number}[]} by wavelength
 */
export function spectrumAt(arrays, place, offset) {
  const added = offsetOf(offset);
  return arrays
    .flatMap(({ bands }) => bands)
    .filter((band) => CENTRAL_NM[band])
    .map((band) => ({
      band,
      nm: CENTRAL_NM[band],
      reflectance: (valueAt(arrays, band, place) - added) / QUANTIFICATION,
    }))
    .sort((one, other) => one.nm - other.nm);
}
