/** The quiz: what is asked, what is right, and a score that counts every row once. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  Answers,
  choicesOf,
  iou,
  isAsked,
  isVerdictShown,
  judged,
  rightChoice,
  scoreOf,
} from "../../../../components/annotations/reader/quiz.js";

const row = (changes) => ({
  yes: null,
  letter: null,
  box: null,
  options: [],
  problem: "",
  category: "presence",
  ...changes,
});
const yes = row({ type: "binary", yes: true });
const options = ["Pastures", "Beaches, dunes, sands"].map((text, i) => ({ letter: "ab"[i], text }));
const choice = row({ type: "mcq", letter: "b", options });
const boxed = row({ type: "bounding box", box: [0, 0, 0.5, 0.5], category: "reference" });

test("only what has an answer that can be told right or wrong is asked", () => {
  for (const each of [yes, choice, boxed]) assert.ok(isAsked(each));
  for (const each of [
    row({ type: "captioning" }),
    row({ type: "binary" }),
    row({ type: "mcq", letter: "b" }),
    row({ type: "bounding box" }),
    { ...yes, problem: "It could not be read." },
    row({ type: "poem" }),
  ])
    assert.ok(!isAsked(each), JSON.stringify(each));
});

test("a verdict waits for the answer, and a caption's for the end of the quiz, since its areas answer other rows", () => {
  const [differs, unsure] = ["differ", "unknown"].map((outcome) => ({ outcome, found: "", reason: "" }));
  const caption = row({ type: "captioning", verdict: differs });
  for (const quiz of [true, false]) {
    assert.ok(isVerdictShown({ ...yes, verdict: unsure }, { quiz, asked: false }));
    assert.ok(!isVerdictShown({ ...yes, verdict: differs }, { quiz, asked: true }));
    assert.ok(!isVerdictShown({ ...yes, verdict: null }, { quiz, asked: false }));
    assert.ok(!isVerdictShown({ ...yes, verdict: differs, problem: "Unread." }, { quiz, asked: false }));
    assert.equal(isVerdictShown(caption, { quiz, asked: false }), !quiz);
  }
  assert.ok(!isVerdictShown({ ...caption, verdict: unsure }, { quiz: false, asked: false }));
});

test("choices are those of the row, and one is right", () => {
  assert.deepEqual(choicesOf(yes).map(({ value }) => value), ["yes", "no"]); // prettier-ignore
  assert.equal(rightChoice(row({ type: "binary", yes: false })), "no");
  assert.deepEqual(choicesOf(choice).map(({ text }) => text), ["Pastures", "Beaches, dunes, sands"]); // prettier-ignore
  assert.equal(rightChoice(choice), "b");
  assert.deepEqual(choicesOf(boxed), []);
});

test("an answer is judged", () => {
  assert.ok(judged(yes, "yes").right);
  assert.equal(judged(yes, "no").right, false);
  assert.ok(judged(choice, "b").right);
  assert.equal(judged(choice, "a").right, false);
  assert.ok(judged(boxed, [0, 0, 0.5, 0.45]).right);
  assert.equal(judged(boxed, [0.4, 0.4, 0.9, 0.9]).right, false);
  assert.equal(judged(boxed, null).right, null);
});

test("intersection over union", () => {
  assert.equal(iou([0, 0, 1, 1], [0, 0, 1, 1]), 1);
  assert.equal(iou([0, 0, 0.5, 1], [0.5, 0, 1, 1]), 0);
  assert.ok(Math.abs(iou([0, 0, 0.5, 0.5], [0.25, 0, 0.75, 0.5]) - 1 / 3) < 1e-12);
  assert.equal(iou([0.2, 0.2, 0.2, 0.2], [0.2, 0.2, 0.2, 0.2]), 0, "a box of no size");
});

test("the score is right of asked, by task; what was given up does not count", () => {
  const score = scoreOf([judged(yes, "yes"), judged(yes, "no"), judged(choice, "b"), judged(boxed, null)]);
  assert.deepEqual([score.right, score.asked], [2, 3]);
  assert.deepEqual(score.tasks, [
    { task: "Multiple choice: presence", right: 1, asked: 1 },
    { task: "Yes or no: presence", right: 1, asked: 2 },
  ]);
});

function memory(text = null) {
  return { text, getItem: () => memory.text ?? text, setItem: (_, value) => (memory.text = value) };
}

test("answers outlive the page, count once, and can be reset", () => {
  memory.text = null;
  const answers = new Answers(memory());
  answers.give("r/1", judged(yes, "no"));
  answers.give("r/1", judged(yes, "yes")); // too late
  answers.give("r/2", judged(choice, "b"));
  assert.deepEqual([answers.score.right, answers.score.asked], [1, 2]);
  const again = new Answers(memory());
  assert.equal(again.of("r/1").right, false);
  assert.equal(again.of("other/1"), undefined);
  again.reset();
  assert.equal(new Answers(memory()).score.asked, 0);
});

test("a store that holds junk, or is forbidden, costs nothing but the past", () => {
  memory.text = null;
  for (const text of ["{", "null", "7", '{"a":1}']) assert.equal(new Answers(memory(text)).score.asked, 0);
  const forbidden = {
    getItem: () => null,
    setItem: () => {
      throw new Error("quota");
    },
  };
  for (const store of [null, forbidden]) {
    const answers = new Answers(store);
    answers.give("r/1", judged(yes, "yes"));
    assert.equal(answers.score.right, 1);
  }
});
