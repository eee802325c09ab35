/**
 * Server-sent events over fetch: unlike EventSource it tells why a stream did not open, and ends when it is told to.
 *
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

import { ApiError, ask, isAbort } from "../browser/requests.js";

/** @typedef {{name: string, data: any}} ServerEvent */

/** Cuts a stream of text into events; comments and unknown fields are left out. */
export class EventParser {
  #rest = "";

  /** @param {string} text whatever came @returns {ServerEvent[]} the events that it completes */
  push(text) {
    const blocks = (this.#rest + text).replace(/\r\n?/g, "\n").split("\n\n");
    this.#rest = blocks.pop();
    return blocks.map(parse).filter(Boolean);
  }
}

function parse(block) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return data.length ? { name, data: JSON.parse(data.join("\n")) } : null;
}

/**
 * The events of a stream as they come.
 * @param {string} url
 * @param {AbortSignal} signal ends the stream, and the request
 * @returns {AsyncGenerator<ServerEvent>}
 * @throws {ApiError} it could not be opened, or broke off
 */
export async function* serverEvents(url, signal) {
  const response = await ask(url, { accept: "text/event-stream", signal });
  const parser = new EventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield* parser.push(value);
    }
  } catch (error) {
    if (isAbort(error) || signal.aborted) throw error;
    throw new ApiError("broken_off", "The connection broke off. Play goes on where it stopped.", true);
  } finally {
    reader.cancel().catch(() => {}); // it may have failed already
  }
}
