/** The rows of a patch by task. Pure functions over the API's items. */

const CAPTIONS = "captioning";
/** Types and categories as the data set spells them, in the order in which a reader meets them. */
const TYPES = [
  { type: CAPTIONS, title: "Caption", categories: ["None"] },
  { type: "binary", title: "Yes or no", categories: ["presence", "area", "count", "adjacency"] },
  {
    type: "mcq",
    title: "Multiple choice",
    categories: ["presence", "area", "count", "adjacency", "relative pos", "country", "season", "climate zone"],
  },
  { type: "bounding box", title: "Bounding box", categories: ["reference", "point"] },
];
const CATEGORIES = { None: "", "relative pos": "relative position" }; // where the data set's word is no reader's

/** @typedef {{key: string, title: string, rows: object[]}} Group */

const keyOf = ({ type, category }) => `${type}/${category}`;

/**
 * @param {{type: string, category: string}} task
 * @returns {string} such as "Multiple choice: relative position"
 */
export function titleOf({ type, category }) {
  const title = TYPES.find((each) => each.type === type)?.title ?? (type || "No type");
  const words = CATEGORIES[category] ?? category;
  return words ? `${title}: ${words}` : title;
}

/** The fifteen tasks in a reader's order: captions first, since they speak of the whole patch. */
export const TASKS = TYPES.flatMap(({ type, categories }) => categories.map((category) => ({ type, category })));

/**
 * @param {{type: string | null, category: string | null}} item a row as the API answers it
 * @returns {{type: string, category: string}} its task, with "None" for a caption's category however it is stored
 */
export function taskOf({ type, category }) {
  return { type: type ?? "", category: category ?? (type === CAPTIONS ? "None" : "") };
}

/**
 * Rows in groups, one per task; tasks that nobody knows come last, in the order in which they appear.
 * @param {object[]} items
 * @returns {Group[]} none without a row
 */
export function grouped(items) {
  const groups = new Map(TASKS.map((task) => [keyOf(task), { key: keyOf(task), title: titleOf(task), rows: [] }]));
  for (const item of items) {
    const task = taskOf(item);
    const key = keyOf(task);
    if (!groups.has(key)) groups.set(key, { key, title: titleOf(task), rows: [] });
    groups.get(key).rows.push(item);
  }
  return [...groups.values()].filter(({ rows }) => rows.length);
}

/**
 * @param {Group[]} groups
 * @returns {string[]} the tasks that these groups lack, in words, one text for each type
 */
export function missing(groups) {
  const there = new Set(groups.map(({ key }) => key));
  return TYPES.map(({ type, title, categories }) => {
    const absent = categories.filter((category) => !there.has(keyOf({ type, category })));
    const words = absent.map((category) => CATEGORIES[category] ?? category).filter(Boolean);
    return absent.length ? [title, words.join(", ")].filter(Boolean).join(": ") : "";
  }).filter(Boolean);
}

/** @param {object} item @returns {boolean} whether it is a caption that can be read as one */
export function isCaption(item) {
  return item.type === CAPTIONS && !item.problem;
}
