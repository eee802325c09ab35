/** Where a run is shown. Pure functions. */

const PAGE = "/generate";
const VIEWS = { matrix: "matrix", embed: "embeddings", reconstruct: "reconstruction", think: "thinking" };

/**
 * The Generate page that follows a run, or shows what it made.
 * @param {any} run as the API tells it
 * @returns {string}
 */
export function pageOf(run) {
  const { inputs, outputs, kind } = run.request;
  const pairs = [
    ["dataset", run.dataset],
    ["sample", run.sample],
    ["coordinates", run.coordinates?.join(",")],
    ["view", VIEWS[kind]],
    ["inputs", inputs.join(",")],
    ["outputs", outputs.join(",")],
    ["run", run.id],
  ];
  return `${PAGE}?${new URLSearchParams(pairs.filter(([, value]) => value))}`;
}
