/** Server-sent events: cut anywhere, with comments between them, and ended when they are told to. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { EventParser, serverEvents } from "../../../components/player/server_events.js";

const TEXT =
  'event: begin\ndata: {"position":0}\n\n: still here\n\nevent: sample\nid: 7\ndata: {"id":"a",\ndata: "n":1}\n\n';
const EVENTS = [
  { name: "begin", data: { position: 0 } },
  { name: "sample", data: { id: "a", n: 1 } },
];

test("events come out whole wherever the stream is cut", () => {
  for (let cut = 0; cut <= TEXT.length; cut += 1) {
    const parser = new EventParser();
    assert.deepEqual([...parser.push(TEXT.slice(0, cut)), ...parser.push(TEXT.slice(cut))], EVENTS);
  }
  const parser = new EventParser();
  assert.deepEqual(
    [...TEXT].flatMap((letter) => parser.push(letter)),
    EVENTS,
  );
});

test("line breaks of any kind, and an event that is not finished", () => {
  assert.deepEqual(new EventParser().push(TEXT.replaceAll("\n", "\r\n")), EVENTS);
  assert.deepEqual(new EventParser().push('event: sample\ndata: {"half"'), []);
});

async function served(answer, run) {
  const server = createServer(answer);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    await run(`http://127.0.0.1:${server.address().port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a stream is read to its end", async () => {
  await served(
    (_, response) => response.end(TEXT),
    async (url) => {
      const found = [];
      for await (const event of serverEvents(url, new AbortController().signal)) found.push(event);
      assert.deepEqual(found, EVENTS);
    },
  );
});

test("aborting ends the request on the server too", async () => {
  let gone;
  const left = new Promise((resolve) => {
    gone = resolve;
  });
  await served(
    (_, response) => {
      response.write(TEXT);
      response.on("close", gone);
    },
    async (url) => {
      const controller = new AbortController();
      const stream = serverEvents(url, controller.signal);
      assert.deepEqual((await stream.next()).value, EVENTS[0]);
      assert.deepEqual((await stream.next()).value, EVENTS[1]);
      controller.abort();
      await assert.rejects(stream.next(), { name: "AbortError" });
      await left;
    },
  );
});

test("a stream that does not open says why, and one that breaks off too", async () => {
  const reason = { error: "unknown_shard", message: "There is no such shard.", retryable: false };
  await served(
    (_, response) => response.writeHead(404).end(JSON.stringify(reason)),
    (url) =>
      assert.rejects(serverEvents(url, new AbortController().signal).next(), {
        code: "unknown_shard",
        message: reason.message,
      }),
  );
  await served(
    (_, response) => {
      response.writeHead(200, { "Content-Length": 1000 });
      response.write(TEXT, () => setTimeout(() => response.destroy(), 50));
    },
    async (url) => {
      const stream = serverEvents(url, new AbortController().signal);
      await stream.next();
      await stream.next();
      await assert.rejects(stream.next(), { code: "broken_off", retryable: true });
    },
  );
});
