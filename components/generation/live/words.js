/** What a run is at, in words. Pure functions. */

import { duration } from "../../player/meter.js";

/** @typedef {import("./events.js").Job} Job */

/**
 * @param {Job} job
 * @param {(modality: string) => string} title of a modality
 * @returns {string} one line; empty where nothing has begun
 */
export function told(job, title) {
  const say = SAID[job.state];
  return say ? say(job, title) : "";
}

const SAID = {
  asked: () => "Asking for a place in the queue\u2026",
  queued: ({ position, waitS }) => `${place(position)}${waitS === null ? "" : `, about ${duration(waitS)}`}`,
  loading: ({ loading }) => `Loading ${loading.what}${amount(loading)}`,
  running: (job, title) => [at(job, title), left(job.etaS)].filter(Boolean).join(" \u00b7 "),
  done: ({ seconds }) => (seconds === null ? "Done" : `Done in ${exact(seconds)}`),
  cancelled: () => "Cancelled",
  failed: () => "",
};

function place(position) {
  return position <= 1 ? "Next in the queue" : `Place ${position} in the queue`;
}

function amount({ done, total }) {
  if (!total) return "\u2026";
  return total > 1e5 ? `: ${megabytes(done)} of ${megabytes(total)} MB` : `: ${done} of ${total}`;
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6).toLocaleString("en-GB");
}

function at({ outputs, at: name }, title) {
  const { tokens, step, steps } = outputs[name];
  if (step) return steps > 1 ? `${title(name)}: step ${step} of ${steps}` : `${title(name)}: decoded`;
  return tokens?.steps > 1
    ? `${title(name)}: tokens, pass ${tokens.step} of ${tokens.steps}`
    : `${title(name)}: tokens`;
}

function left(etaS) {
  if (etaS === null) return "";
  return etaS < 1 ? "almost done" : `about ${duration(etaS)} left`;
}

/** @param {number} seconds @returns {string} as measured, such as 3.4 s */
export function exact(seconds) {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds);
}
