/** Marked phrases: pieces that are the text again, cut where Python says. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { pieces, pointedAt, searched } from "../../../../components/annotations/reader/spans.js";

const joined = (parts) => parts.map(({ text }) => text).join("");
const marked = (parts) => parts.filter(({ kind }) => kind).map(({ text, kind }) => [kind, text]);

test("a caption is cut at its leaks", () => {
  const text = "A summer view from Austria.";
  const parts = pieces(text, [
    { kind: "country", start: 19, end: 26 },
    { kind: "season", start: 2, end: 8 },
  ]);
  assert.equal(joined(parts), text);
  assert.deepEqual(marked(parts), [
    ["season", "summer"],
    ["country", "Austria"],
  ]);
});

test("places count characters as Python does", () => {
  const text = "🛰️🌍 in Austria";
  const start = [...text].join("").length && [...text].indexOf("A");
  assert.deepEqual(marked(pieces(text, [{ kind: "country", start, end: start + 7 }])), [["country", "Austria"]]);
});

test("spans that overlap, or leave the text, lose nothing of it", () => {
  const text = "abcdef";
  for (const spans of [
    [],
    [{ kind: "x", start: 0, end: 6 }],
    [
      { kind: "x", start: 1, end: 4 },
      { kind: "y", start: 2, end: 5 },
    ],
    [{ kind: "x", start: 4, end: 90 }],
    [{ kind: "x", start: 3, end: 3 }],
  ])
    assert.equal(joined(pieces(text, spans)), text);
  assert.deepEqual(pieces("", [{ kind: "x", start: 0, end: 2 }]), []);
});

test("markup stays text", () => {
  const text = "<img src=x onerror=alert(1)>";
  assert.deepEqual(pieces(text, []), [{ text, kind: null }]);
});

test("a question's phrase or point is found in it", () => {
  const phrase = "largest patch of pastures";
  const question = `Where is the ${phrase} here?`;
  const [span] = pointedAt({ question, reference: phrase, point: null });
  assert.equal(question.slice(span.start, span.end), phrase);
  const asked = "What lies at (0.29, 0.8) in the image?";
  const [place] = pointedAt({ question: asked, reference: null, point: [0.29, 0.8] });
  assert.equal(asked.slice(place.start, place.end), "(0.29, 0.8)");
  assert.deepEqual(pointedAt({ question: "Is (1, 2) here?", reference: null, point: null }), []);
  assert.deepEqual(pointedAt({ question: "Where?", reference: "not there", point: null }), []);
});

test("what rows are searched for is marked where it stands, behind letters of any size, and beside other marks", () => {
  const text = "🛰️ Arable land near ARABLE fields";
  const parts = pieces(text, searched(text, ["arable", "near a"]));
  assert.equal(joined(parts), text);
  assert.deepEqual(marked(parts), [
    ["found", "Arable"],
    ["found", "near ARABLE"],
  ]);
  const leak = { kind: "season", start: 2, end: 8 };
  const both = pieces("A summer view", [leak, ...searched("A summer view", ["mer vi"])]);
  assert.deepEqual(marked(both), [
    ["season", "summer"],
    ["found", " vi"],
  ]);
});
