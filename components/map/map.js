/**
 * The map component as Streamlit mounts it: one map per component, kept over reruns.
 *
 * Python sends a small declaration (see `components/map/component.py`); positions, density tiles and pictures are asked
 * for here, directly. Events go back as `viewport` (state, debounced), `clicked`, `selected` and `shown` (triggers).
 */

import { PatchworkMap } from "./patchwork_map.js";
import { element, whenGone } from "../browser/dom.js";
import { loadDeck } from "./runtime.js";

const ATTRIBUTES = {
  tabindex: "0",
  role: "application",
  "aria-label": "Map of all samples. Arrow keys move, plus and minus zoom, B selects a box, L a lasso, Escape clears.",
};

let constant = null; // declaration and looks: Python sends them until the first map stands, or what is open changes
const maps = new WeakMap(); // the component's root -> its map, so that a rerun never builds a second one

/**
 * Streamlit calls this on mounting and whenever data or theme change.
 * @param {{data: Record<string, any>, parentElement: ParentNode, setStateValue: Function, setTriggerValue: Function}} component
 * @returns {() => void} cleanup at unmounting
 */
export default function mount({ data, parentElement, setStateValue, setTriggerValue }) {
  const events = { state: setStateValue, trigger: setTriggerValue };
  constant = data.constant ?? constant;
  const known = maps.get(parentElement);
  if (known) {
    Object.assign(known, { data, events });
    if (known.map) known.map.constant = constant; // other looks, once a data set was opened beside the others
    known.map?.receive(data, events);
    return () => close(parentElement);
  }
  maps.set(parentElement, { data, events });
  start(parentElement, maps.get(parentElement));
  return () => close(parentElement);
}

async function start(parentElement, entry) {
  const root = parentElement.querySelector(".patchwork-map");
  const message = element("div", { class: "starting" }, "Starting the map ...");
  root.append(element("div", { class: "canvas" }), message);
  for (const [name, value] of Object.entries(ATTRIBUTES)) root.setAttribute(name, value);
  try {
    const deck = await loadDeck();
    if (entry.gone) return;
    entry.map = new PatchworkMap(root, deck, constant, entry.data, entry.events);
    message.remove();
  } catch (error) {
    message.textContent = error.message;
    message.classList.add("fatal");
  }
}

function close(parentElement) {
  whenGone(parentElement, () => {
    const entry = maps.get(parentElement);
    if (entry) entry.gone = true;
    entry?.map?.destroy();
    maps.delete(parentElement);
  });
}
