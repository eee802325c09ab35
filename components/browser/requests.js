/** Asking the API: one error type, cancelled when superseded, and debounced calls. */

/** An answer other than success, with the API's own words. */
export class ApiError extends Error {
  /** @param {string} code @param {string} message @param {boolean} retryable */
  constructor(code, message, retryable) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.retryable = retryable;
    this.retryAfterS = 1;
  }
}

const BUSY_ATTEMPTS = 6; // with the waits below about 20 s, as long as a data set takes to open
const LONGEST_WAIT_S = 4;

/**
 * Fetch, and turn every failure into an {@link ApiError} (an abort stays an AbortError).
 *
 * A server that has its hands full is asked again after the time it names.
 * @param {string} url
 * @param {{accept?: string, signal?: AbortSignal}} [options]
 * @returns {Promise<Response>}
 */
export async function ask(url, { accept, signal } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    const { response, error } = await askOnce(url, accept, signal);
    if (response) return response;
    if (error.code !== "busy" || attempt === BUSY_ATTEMPTS) throw error;
    await pause(error.retryAfterS, signal);
  }
}

async function askOnce(url, accept, signal) {
  let response;
  try {
    response = await fetch(url, { headers: accept ? { Accept: accept } : {}, signal });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError("unreachable", "The server does not answer. Is Patchwork still running?", true);
  }
  if (response.ok) return { response };
  const body = await response.json().catch(() => ({}));
  const message = body.message ?? `The server answered ${response.status}.`;
  const error = new ApiError(body.error ?? "http_error", message, body.retryable ?? response.status >= 500);
  error.retryAfterS = Math.min(LONGEST_WAIT_S, Number(response.headers.get("Retry-After")) || 1);
  return { error };
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("superseded", "AbortError"));
    });
  });
}

/** @param {unknown} error @returns {boolean} whether the request was cancelled on purpose */
export function isAbort(error) {
  return error instanceof Error && error.name === "AbortError";
}

/** Hands out one abort signal at a time: taking the next one cancels the request before. */
export class Latest {
  #controller = null;

  /** @returns {AbortSignal} */
  next() {
    this.cancel();
    this.#controller = new AbortController();
    return this.#controller.signal;
  }

  /** Cancel what is under way. */
  cancel() {
    this.#controller?.abort();
    this.#controller = null;
  }
}

/**
 * Call `run` once things have been quiet for a while.
 * @template {unknown[]} A
 * @param {(...parameters: A) => void} run
 * @param {number} quietMs
 * @returns {((...parameters: A) => void) & {cancel: () => void}}
 */
export function debounce(run, quietMs) {
  let timer = 0;
  const later = (...parameters) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...parameters), quietMs);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/**
 * Address of one sample; below it lie its pictures.
 * @param {string} dataset
 * @param {string} id
 * @returns {string}
 */
export function sampleUrl(dataset, id) {
  return `/api/${dataset}/samples/${encodeURIComponent(id)}`;
}

/**
 * Address of a sample's modality as a picture.
 * @param {string} dataset
 * @param {string} id
 * @param {string} modality
 * @param {{preset: string, size: number, revision: string}} look no preset means the modality's own; size in pixels; the
 *   revision of the collection lets browsers keep the picture
 * @returns {string}
 */
export function pictureUrl(dataset, id, modality, { preset, size, revision }) {
  const chosen = preset && `preset=${encodeURIComponent(preset)}`;
  return `${sampleUrl(dataset, id)}/${modality}.webp${queryOf(chosen, `size=${size}`, `v=${revision}`)}`;
}

/**
 * Address of a sample's thumbnail: small, in true colour, and made beforehand where the server can.
 * @param {string} dataset
 * @param {string} id
 * @param {string} revision of the collection, which lets browsers keep the picture
 * @returns {string}
 */
export function thumbnailUrl(dataset, id, revision) {
  return `${sampleUrl(dataset, id)}/thumbnail.webp?v=${revision}`;
}

/** @param {...string} parts query strings @returns {string} them joined, empty ones left out, with a leading `?` */
export function queryOf(...parts) {
  const text = parts.filter(Boolean).join("&");
  return text ? `?${text}` : "";
}
