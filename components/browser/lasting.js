/** Components of Streamlit whose drawing lives as long as their element. */

import { whenGone } from "./dom.js";

/**
 * @param {new (parentElement: HTMLElement) => {update: (component: object) => void, close: () => void}} Part
 * @returns {(component: {parentElement: HTMLElement}) => () => void} what Streamlit calls at first and whenever the data
 *   change: {data, parentElement, setStateValue, setTriggerValue}; it gives a clean-up for the moment the element goes
 */
export function lasting(Part) {
  const parts = new WeakMap(); // element -> what is drawn there
  return (component) => {
    const { parentElement } = component;
    const part = parts.get(parentElement) ?? new Part(parentElement);
    parts.set(parentElement, part);
    part.update(component);
    return () =>
      whenGone(parentElement, () => {
        parts.get(parentElement)?.close();
        parts.delete(parentElement);
      });
  };
}
