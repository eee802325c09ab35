/** Small helpers to build HTML without ever interpreting text as markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `class`, `title`, ...; functions become event listeners (`onclick`)
 * @param {...(Node | string | null | undefined | false)} children strings become text, never markup
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  apply(node, attributes);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Node} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  apply(node, attributes);
  node.append(...children);
  return node;
}

/** @param {string} path drawn with strokes in a 20 x 20 box @returns {SVGElement} */
export function icon(path) {
  return svg(
    "svg",
    { viewBox: "0 0 20 20", width: 16, height: 16, "aria-hidden": "true", class: "icon" },
    svg("path", { d: path }),
  );
}

/**
 * Run the clean-up of a component once its elements are gone: Streamlit also cleans up after a call that a later one
 * overtook, while the component stays on the page.
 * @param {ShadowRoot} parentElement as Streamlit gives it
 * @param {() => void} run
 */
export function whenGone(parentElement, run) {
  setTimeout(() => {
    if (!parentElement.host?.isConnected) run();
  });
}

/**
 * Whether a click on a link is ours: it is then kept from the browser. With another button or a key that is held it opens
 * a tab or a window, as everywhere.
 * @param {MouseEvent} event
 * @returns {boolean}
 */
export function takesClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return false;
  event.preventDefault();
  return true;
}

/** @param {number} count @returns {string} with separators of thousands */
export function grouped(count) {
  return Math.round(count).toLocaleString("en-GB");
}

function apply(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
}
