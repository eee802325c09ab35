/** The page's keys: one table, never taken from a place where the same keys mean something else. */

const READ_ALL = // elements that read every key themselves
  "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable], [role=grid], " +
  "[role=listbox], [role=menu], [role=combobox], [role=dialog], [data-testid=stDataFrame]";
const READ_ARROWS = "input[type=radio], input[type=range], [role=slider], [role=tab], [role=radio]";

/**
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key belongs to the element that has the focus
 */
export function isTaken(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const readers = event.key.startsWith("Arrow") ? `${READ_ALL}, ${READ_ARROWS}` : READ_ALL;
  return event.composedPath().some((node) => node.matches?.(readers));
}

/**
 * @param {Record<string, () => void>} actions by name of the key, letters in lower case, with `Shift+` for arrows
 * @param {AbortSignal} signal ends listening
 */
export function listenToKeys(actions, signal) {
  document.addEventListener(
    "keydown",
    (event) => {
      const action = actions[nameOf(event)];
      if (!action || isTaken(event)) return;
      event.preventDefault();
      action();
    },
    { signal },
  );
}

/**
 * @param {{key: string, shiftKey: boolean}} event
 * @returns {string}
 */
export function nameOf({ key, shiftKey }) {
  if (key.length === 1) return key.toLowerCase();
  return shiftKey ? `Shift+${key}` : key;
}
