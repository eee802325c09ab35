/** What keys and buttons do to the viewer, by the name of the key. */

import { panned, WHOLE, zoomed } from "./view.js";

const ZOOM_STEP = 1.5;
const PAN_STEP = 0.2; // of a panel's width
const DIGITS = 9; // panels that a key enlarges

/**
 * @param {object} viewer
 * @returns {Record<string, () => void>}
 */
export function actionsOf(viewer) {
  const zoom = (factor) => () => viewer.setView(zoomed(viewer.view, factor, 0.5, 0.5));
  const pan = (dx, dy) => () => viewer.setView(panned(viewer.view, dx * PAN_STEP, dy * PAN_STEP));
  const digits = Array.from({ length: DIGITS }, (_, i) => [String(i + 1), () => viewer.enlarge(i)]);
  return {
    ...Object.fromEntries(digits),
    ArrowLeft: () => viewer.stepper.step("previous"),
    ArrowRight: () => viewer.stepper.step("next"),
    "Shift+ArrowLeft": pan(1, 0),
    "Shift+ArrowRight": pan(-1, 0),
    "Shift+ArrowUp": pan(0, 1),
    "Shift+ArrowDown": pan(0, -1),
    "+": zoom(ZOOM_STEP),
    "=": zoom(ZOOM_STEP), // the same key without shift, on many keyboards
    "-": zoom(1 / ZOOM_STEP),
    0: () => viewer.setView(WHOLE),
    c: () => viewer.setTriggerValue("cloud", !viewer.data.overlay),
    s: () => viewer.togglePair("swipe"),
    b: () => viewer.togglePair("blink"),
    d: () => viewer.togglePair("difference"),
    Escape: () => (viewer.pair.state ? viewer.setPair(null) : viewer.enlarge(null)),
    "?": () => viewer.toolbar.toggleHelp(),
  };
}
