/**
 * What is known of a run, from the events that the server sends. Pure functions over plain objects.
 *
 * @typedef {{step: number, steps: number, grid: number[][], decided: boolean[][]}} TokenMap of the first seed
 * @typedef {{tokens: TokenMap | null, step: number, steps: number, previews: string[]}} Output previews by diffusion step
 * @typedef {{state: string, position: number, waitS: number | null, loading: object | null, etaS: number | null,
 *   outputs: Record<string, Output>, order: string[], at: string, seconds: number | null, error: object | null}} Job
 */

/** How a job can end. */
export const ENDS = ["done", "failed", "cancelled"];

/** @returns {Job} before anything was heard of it */
export function newJob() {
  return {
    state: "asked",
    position: 0,
    waitS: null,
    loading: null,
    etaS: null,
    outputs: {},
    order: [],
    at: "",
    seconds: null,
    error: null,
  };
}

/** @param {Job} job @returns {boolean} whether nothing more will come */
export function hasEnded(job) {
  return ENDS.includes(job.state);
}

/**
 * The job after an event; one that is not known here changes nothing, and nothing follows an end.
 * @param {Job} job
 * @param {string} name
 * @param {any} data
 * @returns {Job}
 */
export function reduced(job, name, data) {
  if (hasEnded(job) || !Object.hasOwn(REDUCERS, name)) return job;
  return { ...job, ...REDUCERS[name](job, data) };
}

const REDUCERS = {
  queued: (_, data) => ({ state: "queued", position: data.position, waitS: data.wait_s ?? null }),
  loading: (_, data) => ({ state: "loading", loading: data }),
  tokens: (job, { modality, step, steps, grid, decided }) =>
    running(job, modality, { tokens: { step, steps, grid: firstSeed(grid), decided: firstSeed(decided) } }),
  step: (job, data) => ({
    ...running(job, data.modality, shown(outputOf(job, data.modality), data)),
    etaS: data.eta_s ?? null,
  }),
  done: (_, data) => ({ state: "done", seconds: data.seconds ?? null, etaS: 0 }),
  failed: (_, data) => ({ state: "failed", error: data }),
  cancelled: () => ({ state: "cancelled" }),
};

function running(job, modality, changes) {
  return {
    state: "running",
    at: modality,
    order: job.order.includes(modality) ? job.order : [...job.order, modality],
    outputs: { ...job.outputs, [modality]: { ...outputOf(job, modality), ...changes } },
  };
}

function outputOf(job, modality) {
  return job.outputs[modality] ?? { tokens: null, step: 0, steps: 0, previews: [] };
}

/** An output after a step: a step that is told again, as after a break of the line, shows no second picture. */
function shown(output, { step, steps, preview }) {
  const previews = [...output.previews];
  if (preview) previews[step - 1] = preview;
  return { step: Math.max(step, output.step), steps, previews };
}

/** The first of several seeds; one grid alone is what it is. */
function firstSeed(grid) {
  return Array.isArray(grid?.[0]?.[0]) ? grid[0] : (grid ?? []);
}

/**
 * How far a run is, for a bar.
 * @param {Job} job
 * @param {string[]} outputs that it will have
 * @param {number} elapsedS since it began to run
 * @returns {number | null} 0 to 1; null where nothing is known
 */
export function partDone(job, outputs, elapsedS) {
  if (job.state === "done") return 1;
  if (job.state === "loading") return job.loading.total ? Math.min(1, job.loading.done / job.loading.total) : null;
  if (!Object.keys(job.outputs).length) return null;
  if (job.etaS !== null && elapsedS + job.etaS > 0) return elapsedS / (elapsedS + job.etaS);
  const names = [...new Set([...outputs, ...job.order])];
  const parts = names.map((name) => partOfOutput(job.outputs[name]));
  return parts.reduce((sum, part) => sum + part, 0) / names.length;
}

const TOKENS_PART = 0.15; // of the time of an output, where nothing was measured yet

function partOfOutput(output) {
  if (!output) return 0;
  const tokens = output.tokens ? output.tokens.step / output.tokens.steps : 0;
  const steps = output.steps ? output.step / output.steps : 0;
  return TOKENS_PART * Math.max(tokens, steps) + (1 - TOKENS_PART) * steps;
}
