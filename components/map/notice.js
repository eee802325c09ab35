/** One short message on the map at a time, with a way to try again. */

import { element } from "../browser/dom.js";

/**
 * @param {() => void} onRetry
 * @returns {{node: HTMLElement, show: (message: string, options?: {retry?: boolean, fatal?: boolean}) => void, clear: () => void}}
 */
export function notice(onRetry) {
  const text = element("span");
  const retry = element("button", { type: "button", onclick: () => onRetry() }, "Try again");
  const close = element("button", { type: "button", "aria-label": "Dismiss", onclick: () => clear() }, "\u00d7");
  const node = element("div", { class: "chrome notice", role: "status", hidden: true }, text, retry, close);
  const clear = () => {
    node.hidden = true;
  };
  return {
    node,
    show: (message, { retry: canRetry = true, fatal = false } = {}) => {
      text.textContent = message;
      retry.hidden = !canRetry;
      close.hidden = fatal;
      node.classList.toggle("fatal", fatal);
      node.hidden = false;
    },
    clear,
  };
}
