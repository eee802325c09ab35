/**
 * Annotations that match, one below the other: the patch, the question with its options, the answer.
 *
 * Every row is a real link to the patch with this row marked, so that it can be opened in a new tab; a plain click goes
 * through Python instead, which keeps the session. Pointing at one rings its patch on the map.
 */

import { element, takesClick } from "../../browser/dom.js";
import { pictureUrl, queryOf } from "../../browser/requests.js";
import { pageBar } from "../../results/page_bar.js";
import { excerptOf, piecesOf } from "../highlight.js";

const THUMBNAIL_PX = 72;
const SHORT_ANSWER = 24; // characters: a word or a box; captions are longer
const LONGEST_TEXT = 300; // characters of one text: four lines beside the map

class Rows {
  constructor(root) {
    this.root = root;
    this.bar = element("div", { class: "bar" });
    this.list = element("ol", { class: "list" });
    this.foot = element("div", { class: "bar foot" });
    this.keys = "";
    this.turning = false; // at the foot of the list: the next page is read from its head
    root.append(this.bar, this.list, this.foot);
  }

  receive(data, events) {
    this.data = data;
    this.events = events;
    const turn = (by) => events.trigger("turned", { by, last: data.last });
    const turnAtFoot = (by) => {
      this.turning = true;
      turn(by);
    };
    this.bar.replaceChildren(...pageBar(data.pages, "annotations", turn));
    this.foot.replaceChildren(...pageBar(data.pages, "annotations", turnAtFoot).slice(1));
    const keys = JSON.stringify([data.items, data.query, data.terms, data.row]);
    if (keys === this.keys) return; // the same page: leave pictures and focus alone
    this.keys = keys;
    this.list.replaceChildren(...data.items.map((item) => this.#row(item)));
    this.root.dataset.items = data.items.length;
    if (this.turning) this.root.scrollIntoView();
    this.turning = false;
  }

  #row(item) {
    const { sample, row = "", where } = item; // a file may lack the one or the other
    const pointAt = (detail) => globalThis.dispatchEvent(new CustomEvent("patchwork:point-at", { detail }));
    const link = element(
      "a",
      {
        class: row && row === this.data.row ? "row current" : "row",
        ...(sample && {
          href: this.#link(sample, row),
          title: `Open ${sample}`,
          onclick: (event) => this.#open(event, sample, row),
        }),
        "data-row": row,
        "data-sample": sample ?? "",
        onpointerenter: () =>
          where && pointAt({ dataset: this.data.dataset, id: sample, lon: where[0], lat: where[1] }),
        onpointerleave: () => pointAt(null),
      },
      this.#picture(item),
      element("span", { class: "text" }, this.#head(item), this.#question(item), ...this.#answer(item)),
    );
    return element("li", {}, link);
  }

  #head({ task, place, row, problem, stray }) {
    return element(
      "span",
      { class: "head" },
      element("b", {}, task),
      element("span", {}, place),
      problem && element("span", { class: "problem", title: problem }, "can not be read"),
      stray && element("span", { class: "problem", title: stray }, "no patch"),
      element("span", { class: "id" }, row ? `#${row}` : "no ID"),
    );
  }

  #question({ question }) {
    return element("span", { class: "question" }, ...this.#marked(question));
  }

  /** The options with the right one set off, or the answer as it stands. */
  #answer({ options, letter, answer }) {
    if (!options) {
      const size = answer?.length < SHORT_ANSWER ? "short" : "long";
      return answer ? [element("span", { class: `answer ${size}` }, ...this.#marked(answer))] : [];
    }
    return [
      element(
        "span",
        { class: "options" },
        ...options.map(([name, text]) =>
          element("span", { class: name === letter ? "right" : "" }, `${name}) `, ...this.#marked(text)),
        ),
      ),
    ];
  }

  #marked(text) {
    const { terms } = this.data;
    const pieces = piecesOf(excerptOf(text, terms, LONGEST_TEXT), terms);
    return pieces.map((piece) => (piece.hit ? element("mark", {}, piece.text) : piece.text));
  }

  #picture({ sample, picture }) {
    if (!picture) return element("span", { class: "no-picture" }, "imagery not here");
    const { layer, preset, revision, dataset } = this.data;
    const image = element("img", {
      alt: "",
      loading: "lazy",
      decoding: "async",
      width: THUMBNAIL_PX,
      height: THUMBNAIL_PX,
      src: pictureUrl(dataset, sample, layer, { preset, size: 2 * THUMBNAIL_PX, revision }),
    });
    image.addEventListener("error", () =>
      image.replaceWith(element("span", { class: "no-picture" }, "no optical picture")),
    );
    return image;
  }

  #link(sample, row) {
    const place = [`sample=${encodeURIComponent(sample)}`, row && `row=${row}`];
    return `${this.data.page}${queryOf(this.data.query, ...place)}`;
  }

  #open(event, sample, row) {
    if (takesClick(event)) this.events.trigger("opened", { sample, row });
  }
}

const lists = new WeakMap(); // the component's root -> its list

/**
 * Streamlit calls this on mounting and whenever data or theme change.
 * @param {{data: Record<string, any>, parentElement: ParentNode, setTriggerValue: Function}} component
 */
export default function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".annotation-rows");
  if (!lists.has(parentElement)) lists.set(parentElement, new Rows(root));
  lists.get(parentElement).receive(data, { trigger: setTriggerValue });
}
