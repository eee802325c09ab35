/** Drawing on a panel's canvas: the window of a picture, the crosshair, pins. */

import { pointOf } from "./view.js";

const CROSSHAIR = ["rgba(0, 0, 0, 0.65)", "rgba(255, 255, 255, 0.95)"]; // dark under light: seen on any picture
const PIN_RADIUS = 9; // CSS pixels: a letter fits

/**
 * Make a square canvas as sharp as the screen, and clear it.
 * @param {HTMLCanvasElement} canvas
 * @param {number} cssSize edge length on the page
 * @returns {{context: CanvasRenderingContext2D, size: number, ratio: number}} size in device pixels
 */
export function cleared(canvas, cssSize) {
  const ratio = globalThis.devicePixelRatio || 1;
  const size = Math.max(1, Math.round(cssSize * ratio));
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, size, size);
  context.imageSmoothingEnabled = false; // pixels are data: they stay sharp squares
  return { context, size, ratio };
}

/**
 * Draw the part of a picture that the view shows.
 * @param {CanvasRenderingContext2D} context
 * @param {CanvasImageSource & {width: number, height: number}} picture
 * @param {import("./view.js").View} view
 * @param {number} size edge length of the canvas
 */
export function drawWindow(context, picture, view, size) {
  const { width, height } = picture;
  const span = 1 / view.scale;
  const left = (view.x - span / 2) * width;
  const top = (view.y - span / 2) * height;
  context.drawImage(picture, left, top, span * width, span * height, 0, 0, size, size);
}

/**
 * @param {{context: CanvasRenderingContext2D, size: number, ratio: number}} canvas
 * @param {import("./view.js").View} view
 * @param {import("./view.js").Place} place
 */
export function drawCrosshair({ context, size, ratio }, view, place) {
  const { px, py } = pointOf(view, place);
  const x = Math.round(px * size) + 0.5;
  const y = Math.round(py * size) + 0.5;
  CROSSHAIR.forEach((colour, i) => {
    context.strokeStyle = colour;
    context.lineWidth = (i ? 1 : 3) * ratio;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, size);
    context.moveTo(0, y);
    context.lineTo(size, y);
    context.stroke();
  });
}

/**
 * Discs with letters, so that colour is not the only sign.
 * @param {{context: CanvasRenderingContext2D, size: number, ratio: number}} canvas
 * @param {import("./view.js").View} view
 * @param {{place: import("./view.js").Place, letter: string, colour: string, ink: string}[]} pins
 */
export function drawPins({ context, size, ratio }, view, pins) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `bold ${11 * ratio}px sans-serif`;
  for (const { place, letter, colour, ink } of pins) {
    const { px, py } = pointOf(view, place);
    context.beginPath();
    context.arc(px * size, py * size, PIN_RADIUS * ratio, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = 2 * ratio;
    context.strokeStyle = "#fff";
    context.stroke();
    context.fillStyle = ink;
    context.fillText(letter, px * size, py * size + ratio);
  }
}
