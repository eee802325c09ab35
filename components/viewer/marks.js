/**
 * Boxes and points over a picture, given in places of the sample: they move with the view, and are seen on any picture.
 *
 * @typedef {object} Mark
 * @property {number} id whose mark it is
 * @property {string} label a few characters, so that colour is not the only sign
 * @property {string} colour
 * @property {number[] | null} box left, top, right, bottom; 0 to 1 from the top left of the sample
 * @property {number[] | null} point x, y; 0 to 1 from the top left of the sample
 * @property {"plain" | "strong" | "faint"} look faint while another one is meant
 * @property {boolean} [dashed] for what is not of the data
 */

import { pointOf } from "./view.js";

const LINE = { plain: 2, strong: 3, faint: 1.5 }; // CSS pixels of the coloured line
const HALO = 1.25; // CSS pixels of dark on either side of it
const DARK = "rgba(8, 11, 16, 0.8)";
const FAINT = 0.3;
const DOT = 5; // CSS pixels, radius
const DOT_REACH = 12; // CSS pixels around a point that mean it
const DASH = [6, 4]; // CSS pixels
const LABEL_HEIGHT = 16; // CSS pixels
const LETTER_WIDTH = 7; // CSS pixels of a digit in the label's bold 11 px
const ORDER = { faint: 0, plain: 1, strong: 2 };

/** @typedef {import("./view.js").View} View */
/** @typedef {{left: number, top: number, width: number, height: number}} Rect */

/**
 * Where a box lies on a panel.
 * @param {View} view
 * @param {number[]} box left, top, right, bottom; 0 to 1
 * @param {number} size edge length of the panel, in any unit
 * @returns {Rect} in the same unit; beyond 0 to size where the view cuts it
 */
export function rectOf(view, [left, top, right, bottom], size) {
  const from = pointOf(view, { u: left, v: top });
  const to = pointOf(view, { u: right, v: bottom });
  return {
    left: from.px * size,
    top: from.py * size,
    width: (to.px - from.px) * size,
    height: (to.py - from.py) * size,
  };
}

/**
 * The mark that a place means: a point near by, or else the smallest box around it, so that none hides another.
 * @param {Mark[]} marks
 * @param {import("./view.js").Place} place
 * @param {View} view
 * @param {number} size edge length of the panel in CSS pixels
 * @returns {Mark | null}
 */
export function markAt(marks, { u, v }, view, size) {
  const reach = DOT_REACH / size / view.scale;
  const near = marks.filter(({ point }) => point && Math.hypot(point[0] - u, point[1] - v) <= reach);
  if (near.length) return near[0];
  const around = marks.filter(({ box }) => box && box[0] <= u && u <= box[2] && box[1] <= v && v <= box[3]);
  const area = ({ box }) => (box[2] - box[0]) * (box[3] - box[1]);
  return around.reduce((best, mark) => (best && area(best) <= area(mark) ? best : mark), null);
}

/**
 * Places for labels in the corners of their boxes, moved to the right of labels that lie there already.
 * @param {{rect: Rect, label: string}[]} boxes in the order in which they are drawn; units are CSS pixels
 * @param {number} size edge length of the panel
 * @returns {Rect[]} one for each box, within the panel
 */
export function labelPlaces(boxes, size) {
  const placed = [];
  for (const { rect, label } of boxes) {
    const width = LABEL_HEIGHT - LETTER_WIDTH + label.length * LETTER_WIDTH;
    const within = (value, length) => Math.min(Math.max(value, 0), size - length);
    const place = { left: within(rect.left, width), top: within(rect.top, LABEL_HEIGHT), width, height: LABEL_HEIGHT };
    for (let other = true; other && place.left + 2 * width <= size;) {
      other = placed.find((each) => overlap(each, place));
      if (other) place.left = within(other.left + other.width + 1, width);
    }
    placed.push(place);
  }
  return placed;
}

function overlap(one, other) {
  return (
    one.left < other.left + other.width &&
    other.left < one.left + one.width &&
    one.top < other.top + other.height &&
    other.top < one.top + one.height
  );
}

/**
 * @param {{context: CanvasRenderingContext2D, size: number, ratio: number}} canvas
 * @param {View} view
 * @param {Mark[]} marks
 */
export function drawMarks({ context, size, ratio }, view, marks) {
  const edge = size / ratio;
  context.save();
  context.scale(ratio, ratio); // everything below is in CSS pixels
  for (const mark of inOrder(marks)) {
    context.globalAlpha = mark.look === "faint" ? FAINT : 1;
    if (mark.box) frame(context, rectOf(view, mark.box, edge), mark);
    if (mark.point) dot(context, pointOf(view, { u: mark.point[0], v: mark.point[1] }), edge, mark);
  }
  drawLabels(context, view, marks, edge);
  context.restore();
}

/** The outer edge of the line is the edge of the box, so that a box at the rim of the sample is seen whole. */
function frame(context, { left, top, width, height }, { colour, look, dashed }) {
  const line = LINE[look];
  const inset = line / 2 + HALO;
  const strokes = [
    [DARK, line + 2 * HALO],
    [colour, line],
  ];
  strokes.forEach(([style, thickness], i) => {
    context.strokeStyle = style;
    context.lineWidth = thickness;
    context.setLineDash(dashed && i ? DASH : []);
    const room = (length) => Math.max(length - 2 * inset, 0.1); // a box of no size is still a speck
    context.strokeRect(left + inset, top + inset, room(width), room(height));
  });
}

function dot(context, { px, py }, edge, { colour, look }) {
  const grown = look === "strong" ? 2 : 0;
  const discs = [
    [DARK, DOT + grown + 2 + HALO],
    ["#fff", DOT + grown + 2],
    [colour, DOT + grown],
  ];
  for (const [style, radius] of discs) {
    context.beginPath();
    context.arc(px * edge, py * edge, radius, 0, 2 * Math.PI);
    context.fillStyle = style;
    context.fill();
  }
}

function drawLabels(context, view, marks, edge) {
  const boxed = marks.filter(({ box }) => box).map((mark) => ({ ...mark, rect: rectOf(view, mark.box, edge) }));
  const shown = boxed.filter(({ rect }) => overlap(rect, { left: 0, top: 0, width: edge, height: edge }));
  context.font = "bold 11px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  const places = labelPlaces(shown, edge); // in the order of the marks: none moves because another one is meant
  const labels = shown.map((mark, i) => ({ ...mark, ...places[i] }));
  for (const { left, top, width, height, label, colour, look } of inOrder(labels)) {
    context.globalAlpha = look === "faint" ? FAINT : 1;
    context.fillStyle = DARK;
    context.fillRect(left, top, width, height);
    context.fillStyle = colour;
    context.fillRect(left, top + height - 2, width, 2);
    context.fillStyle = "#fff";
    context.fillText(label, left + width / 2, top + height / 2);
  }
}

/** What is meant lies on top. */
function inOrder(marks) {
  return marks.toSorted((one, other) => ORDER[one.look] - ORDER[other.look]);
}
