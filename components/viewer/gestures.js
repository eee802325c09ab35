/** Wheel, drag, pinch, click, double click, hovering and Enter on a stage, turned into changes of the shared view. */

import { panned, placeAt, WHOLE, zoomed } from "./view.js";

const WHEEL_RATE = 0.0018; // one notch of a common mouse wheel (100 px) magnifies by 1.2
const LINE_PX = 16; // Firefox counts some wheels in lines
const CLICK_PX = 5; // a hand that moves less has clicked
const SETTLED_MS = 400; // the page scrolls only by a wheel that did not just zoom out

/**
 * Listen on one stage.
 * @param {HTMLElement} stage
 * @param {{view: () => import("./view.js").View, setView: Function, setCursor: Function, pin: Function}} shared
 */
export function listen(stage, shared) {
  const fingers = new Map(); // pointer id to its last position in the panel
  let pressed = null; // where the only finger went down; null once it moved
  const position = (event) => {
    const box = stage.getBoundingClientRect();
    return { px: (event.clientX - box.left) / box.width, py: (event.clientY - box.top) / box.height };
  };
  const place = ({ px, py }) => placeAt(shared.view(), px, py);

  stage.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === stage) shared.pin({ u: shared.view().x, v: shared.view().y });
  });
  stage.addEventListener("dblclick", () => shared.setView(WHOLE));
  stage.addEventListener("wheel", wheel(position, shared), { passive: false });
  stage.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") shared.setCursor(null); // a finger has left the glass to let one read
  });
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("button")) return; // a captured pointer never clicks a button
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, position(event));
    pressed = fingers.size === 1 ? { x: event.clientX, y: event.clientY } : null;
    shared.setCursor(place(position(event)));
  });
  stage.addEventListener("pointermove", (event) => {
    const now = position(event);
    if (event.pointerType === "mouse" || fingers.size === 1) shared.setCursor(place(now));
    if (!fingers.has(event.pointerId)) return;
    if (pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < CLICK_PX) return;
    pressed = null;
    const before = fingers.get(event.pointerId);
    if (fingers.size === 1) shared.setView(panned(shared.view(), now.px - before.px, now.py - before.py));
    else pinch(fingers, event.pointerId, now, shared);
    fingers.set(event.pointerId, now);
  });
  stage.addEventListener("pointerup", (event) => {
    if (pressed && fingers.has(event.pointerId)) shared.pin(place(position(event)));
    pressed = null;
    fingers.delete(event.pointerId);
  });
  stage.addEventListener("pointercancel", (event) => {
    fingers.delete(event.pointerId); // the browser scrolls the page instead
    pressed = null;
    shared.setCursor(null);
  });
}

/** The wheel zooms; where it would zoom out of the whole sample, it scrolls the page. */
function wheel(position, shared) {
  let zoomedAt = -Infinity;
  return (event) => {
    const outwards = event.deltaY > 0;
    if (outwards && shared.view().scale === 1 && event.timeStamp - zoomedAt > SETTLED_MS) return;
    event.preventDefault();
    zoomedAt = event.timeStamp;
    const { px, py } = position(event);
    const pixels = event.deltaY * (event.deltaMode === 1 ? LINE_PX : 1);
    shared.setView(zoomed(shared.view(), Math.exp(-pixels * WHEEL_RATE), px, py));
  };
}

/** Two fingers: the distance between them magnifies, around the one that rests. */
function pinch(fingers, moving, now, shared) {
  const [resting] = [...fingers].filter(([id]) => id !== moving).map(([, point]) => point);
  const before = fingers.get(moving);
  const distance = (point) => Math.hypot(point.px - resting.px, point.py - resting.py);
  const factor = distance(now) / Math.max(distance(before), 1e-3);
  shared.setView(zoomed(shared.view(), factor, resting.px, resting.py));
}
