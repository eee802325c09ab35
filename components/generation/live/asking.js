/** Starting and cancelling runs, and listening to them. */

import { ApiError } from "../../browser/requests.js";
import { ENDS } from "./events.js";

const RUNS = "/api/generations";
const NAMES = ["queued", "loading", "tokens", "step", ...ENDS];
const SESSION = "patchwork-session"; // in the browser's storage: all its tabs have one place in the queue
const AGAIN_MS = 1500; // a line that breaks for good is tried again that soon, and ever later

/**
 * Ask for a run.
 * @param {object} body
 * @returns {Promise<{id: string}>}
 * @throws {ApiError} it was refused; the message says why
 */
export async function start(body) {
  const response = await send("POST", RUNS, JSON.stringify({ ...body, session: session() }));
  return response.json();
}

/** @param {string} id @returns {Promise<void>} once the server knows of it */
export async function cancel(id) {
  await send("DELETE", runUrl(id));
}

/** @param {string} id @returns {Promise<any>} what the server knows of a run */
export async function stateOf(id) {
  return (await send("GET", runUrl(id))).json();
}

/** @param {string} id @returns {string} */
export function runUrl(id) {
  return `${RUNS}/${encodeURIComponent(id)}`;
}

async function send(method, url, body) {
  let response;
  try {
    response = await fetch(url, { method, body, headers: body ? { "Content-Type": "application/json" } : {} });
  } catch {
    throw new ApiError("unreachable", "The server does not answer. Is Patchwork still running?", true);
  }
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({}));
  const message = answer.message ?? `The server answered ${response.status}.`;
  throw Object.assign(new ApiError(answer.error ?? "http_error", message, answer.retryable ?? false), answer);
}

/** An id of this browser, so that the queue can tell one visitor from another. */
function session() {
  try {
    const known = localStorage.getItem(SESSION);
    if (known) return known;
    const made = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0"));
    localStorage.setItem(SESSION, made.join(""));
    return made.join("");
  } catch {
    return ""; // no storage: the server takes the connection for it
  }
}

/**
 * Listen to a run from its first event. The browser resumes by itself where the line breaks (Last-Event-ID).
 * @param {string} id
 * @param {(name: string, data: any) => void} take
 * @param {(again: () => void) => void} lost the line is closed for good: the run may be over, or unknown
 * @returns {() => void} ends it
 */
export function listenTo(id, take, lost) {
  const source = new EventSource(`${runUrl(id)}/events`);
  for (const name of NAMES) source.addEventListener(name, ({ data }) => take(name, JSON.parse(data)));
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) lost(AGAIN_MS);
  });
  return () => source.close();
}
