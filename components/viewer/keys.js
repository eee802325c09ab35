/** The page's keys: one table, never taken from a place where the same keys mean something else. */

const OWN_KEYS = // elements that read letters or arrows themselves
  "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], [role=slider], [role=tab], " +
  "[role=grid], [role=listbox], [role=menu], [role=combobox], [role=dialog], [data-testid=stDataFrame]";

/**
 * @param {Event} event
 * @returns {boolean} whether the key belongs to the element that has the focus
 */
export function isTaken(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  return event.composedPath().some((node) => node.matches?.(OWN_KEYS));
}

/**
 * @param {Record<string, () => void>} actions by name of the key, letters in lower case, with `Shift+` for arrows
 * @param {AbortSignal} signal ends listening
 */
export function listenToKeys(actions, signal) {
  document.addEventListener("keydown", (event) => {
    const action = actions[nameOf(event)];
    if (!action || isTaken(event)) return;
    event.preventDefault();
    action();
  }, { signal });
}

/**
 * @param {{key: string, shiftKey: boolean}} event
 * @returns {string}
 */
export function nameOf({ key, shiftKey }) {
  if (key.length === 1) return key.toLowerCase();
  return shiftKey ? `Shift+${key}` : key;
}
