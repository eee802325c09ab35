/** One output while it comes: its tokens, the newest picture, and a small one for every step before. */

import { element } from "../../browser/dom.js";
import { TokenMap } from "./token_map.js";

export class OutputCard {
  /** @param {{modality: string, title: string, codes: number, steps: number}} spec */
  constructor(spec) {
    this.spec = spec;
    this.count = element("span", { class: "count" });
    this.cells = element("canvas", { role: "img", "aria-label": `Tokens of ${spec.title}` });
    this.tokens = new TokenMap(this.cells);
    this.picture = element("div", { class: "picture", role: "img", "aria-label": `Preview of ${spec.title}` });
    this.strip = element("ol", { class: "strip" });
    this.root = element(
      "figure",
      { class: "output", "data-modality": spec.modality },
      element("figcaption", {}, element("b", {}, spec.title), this.count),
      element(
        "div",
        { class: "stages" },
        element("div", { class: "stage" }, this.cells, element("span", { class: "what" }, "tokens")),
        element("div", { class: "stage" }, this.picture, element("span", { class: "what" }, "preview")),
      ),
      this.strip,
    );
    this.shown = "";
    this.#frames(spec.steps);
  }

  /** @param {import("./events.js").Output | undefined} output nothing came yet where there is none */
  show(output) {
    this.root.dataset.step = output?.step ?? 0;
    this.root.classList.toggle("waiting", !output);
    this.count.textContent = output ? counted(output) : "waits";
    if (!output) return;
    if (output.tokens) this.tokens.show(output.tokens, this.spec.codes);
    if (output.steps) this.#frames(output.steps);
    this.#show(output.previews.findLast(Boolean) ?? "");
    output.previews.forEach((preview, index) => preview && this.#frame(index, preview));
  }

  /** Empty places for the pictures of all steps: how many will come is seen from the beginning. */
  #frames(steps) {
    if (this.strip.childElementCount === steps) return;
    this.strip.replaceChildren(...Array.from({ length: steps }, () => element("li", {})));
    this.strip.hidden = steps < 2;
  }

  #frame(index, preview) {
    const place = this.strip.children[index];
    if (!place || place.firstElementChild?.getAttribute("src") === preview) return;
    const image = element("img", { src: preview, alt: `step ${index + 1}` });
    image.addEventListener("pointerenter", () => this.#show(preview));
    place.replaceChildren(image);
  }

  /** The new picture fades in over the one before, which goes once it is covered. */
  #show(preview) {
    if (preview === this.shown || !preview) return;
    this.shown = preview;
    const image = element("img", { src: preview, alt: "" });
    this.picture.append(image);
    image.addEventListener("animationend", () => {
      while (this.picture.firstElementChild !== image && image.isConnected) this.picture.firstElementChild.remove();
    });
  }

  close() {
    this.tokens.close();
    this.root.remove();
  }
}

function counted({ tokens, step, steps }) {
  if (step) return steps > 1 ? `step ${step} of ${steps}` : "decoded";
  return tokens?.steps > 1 ? `tokens ${tokens.step} of ${tokens.steps}` : "tokens";
}
