/** Buttons for what the keys do, and the list of keys: nothing in the viewer needs a keyboard, or a mouse. */

import { element } from "../browser/dom.js";

const HELP = [
  ["Wheel, pinch, + −", "zoom"],
  ["Drag, Shift + arrows", "move"],
  ["Double click, 0", "whole sample"],
  ["Click, Enter", "set or remove a pin"],
  ["← →", "previous and next sample"],
  ["1 – 9", "enlarge a panel"],
  ["S, B, D", "swipe, blink, difference of two panels"],
  ["C", "cloud mask"],
  ["Esc", "back to all panels"],
  ["?", "this list"],
];

export class Toolbar {
  /** @param {Record<string, () => void>} actions by the name of their key */
  constructor(actions) {
    const button = (key, sign, label) =>
      element(
        "button",
        { class: "tool", title: `${label} (key ${key.toUpperCase()})`, "aria-label": label, onclick: actions[key] },
        sign,
      );
    this.help = element("dl", { class: "help", hidden: true });
    for (const [keys, words] of HELP)
      this.help.append(element("div", {}, element("dt", {}, keys), element("dd", {}, words)));
    this.helpButton = button("?", "Keys", "Keys and gestures");
    this.helpButton.setAttribute("aria-expanded", "false");
    this.status = element("span", { class: "status", role: "status" });
    this.bar = element("div", { class: "toolbar", role: "toolbar", "aria-label": "View" });
    this.bar.append(
      button("+", "+", "Zoom in"),
      button("-", "−", "Zoom out"),
      button("0", "Whole sample", "Whole sample"),
    );
    this.modes = {
      swipe: button("s", "Swipe", "Swipe between two panels"),
      blink: button("b", "Blink", "Blink two panels"),
      difference: button("d", "Difference", "Difference of two panels"),
    };
    this.bar.append(...Object.values(this.modes));
    this.bar.append(this.helpButton, this.status);
    this.root = element("div", {}, this.bar, this.help);
  }

  toggleHelp() {
    this.help.hidden = !this.help.hidden;
    this.helpButton.setAttribute("aria-expanded", String(!this.help.hidden));
  }

  /** @param {string | undefined} mode in which two panels are shown as one, if any */
  press(mode) {
    for (const [name, button] of Object.entries(this.modes)) button.setAttribute("aria-pressed", String(name === mode));
  }

  /** @param {string} text a problem that belongs to no panel; empty where there is none */
  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text; // else screen readers read it again
  }
}
