/** Wheel, drag, pinch, double click and hovering on a panel, turned into changes of the shared view. */

import { panned, placeAt, WHOLE, zoomed } from "./view.js";

const WHEEL_RATE = 0.0018; // one notch of a common mouse wheel (100 px) magnifies by 1.2

/**
 * Listen on one panel's stage.
 * @param {HTMLElement} stage
 * @param {{view: () => import("./view.js").View, setView: Function, setCursor: Function, wake: Function}} shared
 */
export function listen(stage, shared) {
  const fingers = new Map(); // pointer id to its last position in the panel
  const position = (event) => {
    const box = stage.getBoundingClientRect();
    return { px: (event.clientX - box.left) / box.width, py: (event.clientY - box.top) / box.height };
  };

  stage.addEventListener("pointerenter", shared.wake);
  stage.addEventListener("pointerleave", () => shared.setCursor(null));
  stage.addEventListener("dblclick", () => shared.setView(WHOLE));
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { px, py } = position(event);
    shared.setView(zoomed(shared.view(), Math.exp(-event.deltaY * WHEEL_RATE), px, py));
  }, { passive: false });

  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, position(event));
    shared.wake();
  });
  stage.addEventListener("pointermove", (event) => {
    const now = position(event);
    shared.setCursor(placeAt(shared.view(), now.px, now.py));
    if (!fingers.has(event.pointerId)) return;
    const before = fingers.get(event.pointerId);
    if (fingers.size === 1) shared.setView(panned(shared.view(), now.px - before.px, now.py - before.py));
    else pinch(fingers, event.pointerId, now, shared);
    fingers.set(event.pointerId, now);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
}

/** Two fingers: the distance between them magnifies, around the one that rests. */
function pinch(fingers, moving, now, shared) {
  const [resting] = [...fingers].filter(([id]) => id !== moving).map(([, point]) => point);
  const before = fingers.get(moving);
  const distance = (point) => Math.hypot(point.px - resting.px, point.py - resting.py);
  const factor = distance(now) / Math.max(distance(before), 1e-3);
  shared.setView(zoomed(shared.view(), factor, resting.px, resting.py));
}
