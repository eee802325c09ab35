/** The quiz: what can be asked, what is right, and the score. Pure functions, and one store for the session. */

import { isCaption, taskOf, titleOf } from "./tasks.js";

export const RIGHT_IOU = 0.5; // a drawn box that overlaps the true one so far is taken as right, as detection scores do
const STORE = "patchwork-quiz";

/** @typedef {{given: string | number[] | null, right: boolean | null, task: string}} Answer right: null if given up */

/**
 * @param {object} item a row as the API answers it
 * @returns {boolean} whether it has an answer that can be told right or wrong
 */
export function isAsked(item) {
  if (item.problem) return false;
  if (item.type === "binary") return item.yes !== null;
  if (item.type === "mcq") return item.letter !== null && item.options.length > 0;
  return item.type === "bounding box" && item.box !== null;
}

/**
 * Whether what the map says of an answer is told: where it tells anything, and gives no other answer away. Areas of a
 * caption do, so that it waits for the end of the quiz.
 * @param {object} item
 * @param {{quiz: boolean, asked: boolean}} state asked: its own answer is still to be given
 * @returns {boolean}
 */
export function isVerdictShown(item, { quiz, asked }) {
  if (asked || !item.verdict || item.problem) return false;
  return !isCaption(item) || (!quiz && item.verdict.outcome !== "unknown");
}

/**
 * What can be chosen.
 * @param {object} item
 * @returns {{value: string, letter: string, text: string}[]} none for a box, which is drawn
 */
export function choicesOf(item) {
  if (item.problem) return [];
  if (item.type === "binary") {
    return ["yes", "no"].map((word) => ({ value: word, letter: "", text: word === "yes" ? "Yes" : "No" }));
  }
  return item.type === "mcq" ? item.options.map(({ letter, text }) => ({ value: letter, letter, text })) : [];
}

/**
 * @param {object} item
 * @returns {string | null} the value of the right choice
 */
export function rightChoice(item) {
  if (item.type === "binary") return item.yes === null ? null : item.yes ? "yes" : "no";
  return item.letter;
}

/**
 * Judge an answer.
 * @param {object} item
 * @param {string | number[] | null} given the value of a choice, or a box; null for giving up
 * @returns {Answer}
 */
export function judged(item, given) {
  const task = titleOf(taskOf(item));
  if (given === null) return { given, right: null, task };
  const right = Array.isArray(given) ? iou(given, item.box) >= RIGHT_IOU : given === rightChoice(item);
  return { given, right, task };
}

/**
 * Intersection over union of two boxes.
 * @param {number[]} one left, top, right, bottom
 * @param {number[]} other
 * @returns {number} 0 to 1
 */
export function iou(one, other) {
  const width = Math.max(0, Math.min(one[2], other[2]) - Math.max(one[0], other[0]));
  const height = Math.max(0, Math.min(one[3], other[3]) - Math.max(one[1], other[1]));
  const area = ([left, top, right, bottom]) => (right - left) * (bottom - top);
  const union = area(one) + area(other) - width * height;
  return union > 0 ? (width * height) / union : 0;
}

/**
 * @param {Iterable<Answer>} answers
 * @returns {{right: number, asked: number, tasks: {task: string, right: number, asked: number}[]}} by task and in all;
 *   what was given up is not asked
 */
export function scoreOf(answers) {
  const tasks = new Map();
  const all = { right: 0, asked: 0 };
  for (const { right, task } of answers) {
    if (right === null) continue;
    const own = tasks.get(task) ?? { task, right: 0, asked: 0 };
    for (const each of [own, all]) {
      each.asked += 1;
      each.right += right ? 1 : 0;
    }
    tasks.set(task, own);
  }
  return { ...all, tasks: [...tasks.values()].toSorted((one, other) => one.task.localeCompare(other.task)) };
}

/** The answers of this tab's session, over all patches; a row counts once, with its first answer. */
export class Answers {
  #answers = new Map();
  #store;

  /** @param {Storage | null} store where they outlive the page; without one they end with it */
  constructor(store) {
    this.#store = store;
    try {
      const kept = JSON.parse(store?.getItem(STORE) ?? "[]");
      this.#answers = new Map(kept.filter(([key, answer]) => typeof key === "string" && typeof answer === "object"));
    } catch {
      this.#answers = new Map(); // written by something else: the score begins anew
    }
  }

  /** @param {string} key of a row @returns {Answer | undefined} */
  of(key) {
    return this.#answers.get(key);
  }

  /** @param {string} key @param {Answer} answer kept unless there is one */
  give(key, answer) {
    if (this.#answers.has(key)) return;
    this.#answers.set(key, answer);
    this.#keep();
  }

  /** Forget all answers. */
  reset() {
    this.#answers.clear();
    this.#keep();
  }

  /** @returns {ReturnType<typeof scoreOf>} */
  get score() {
    return scoreOf(this.#answers.values());
  }

  #keep() {
    try {
      this.#store?.setItem(STORE, JSON.stringify([...this.#answers]));
    } catch {
      this.#store = null; // full or forbidden: the score lives as long as the page
    }
  }
}
