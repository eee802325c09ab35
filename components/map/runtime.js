/** Loads the deck.gl runtime that the installed pydeck package ships, once per page, and reads pydeck declarations. */

const RUNTIME_URL = "/assets/deck/index.js";

let loading = null;

/**
 * @returns {Promise<Record<string, any>>} deck.gl's classes
 * @throws {Error} in words for the user: no WebGL2, or the runtime can not be loaded
 */
export function loadDeck() {
  if (!hasWebGl()) {
    return Promise.reject(
      new Error(
        "This browser offers no WebGL2, so the map can not be drawn. Switch on hardware acceleration in its " +
          "settings or use another browser; the samples beside the map work without it.",
      ),
    );
  }
  loading ??= addScript(RUNTIME_URL).then(() => globalThis.deck);
  loading.catch(() => {
    loading = null; // the next mount tries again
  });
  return loading;
}

/**
 * Turn a pydeck declaration into deck.gl properties.
 * @param {Record<string, any>} deck deck.gl's classes
 * @param {string} declaration what `pydeck.Deck.to_json()` wrote
 * @returns {Record<string, any>} views, initialViewState, layers
 */
export function readDeclaration(deck, declaration) {
  const converter = new deck.JSONConverter({ configuration: { classes: deck } });
  return converter.convert(JSON.parse(declaration));
}

/** @returns {boolean} whether the processor draws, as on remote desktops and virtual machines */
export function isSoftwareRenderer() {
  return /swiftshader|llvmpipe|software|basic render/i.test(probe().renderer);
}

function hasWebGl() {
  return probe().webgl;
}

let probed = null;

function probe() {
  if (probed) return probed;
  const context = document.createElement("canvas").getContext("webgl2");
  const details = context?.getExtension("WEBGL_debug_renderer_info");
  const renderer = details ? String(context.getParameter(details.UNMASKED_RENDERER_WEBGL)) : "";
  context?.getExtension("WEBGL_lose_context")?.loseContext(); // browsers allow few contexts: give the probe's back
  probed = { webgl: Boolean(context), renderer };
  return probed;
}

function addScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => (globalThis.deck?.Deck ? resolve() : reject(new Error(`${url} holds no map runtime.`)));
    script.onerror = () => reject(new Error(`The map runtime ${url} could not be loaded. Is Patchwork still running?`));
    document.head.appendChild(script);
  });
}
