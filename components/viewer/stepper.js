/** Stepping to the neighbours, one at a time: each sample arrives before the next one is asked for. */

const PATIENCE_MS = 3000; // then another step may be asked for though no sample came

export class Stepper {
  /** @param {(direction: string) => void} ask tells Python */
  constructor(ask) {
    this.ask = ask;
    this.ways = [];
  }

  /**
   * Ask for a neighbour. A second press waits until the first has arrived, so that none is lost; a third is one too many.
   * @param {string} direction "previous" or "next"
   */
  step(direction) {
    if (this.pending) {
      this.wanted = direction;
    } else if (this.ways.includes(direction)) {
      this.pending = setTimeout(() => this.forget(), PATIENCE_MS);
      this.ask(direction);
    }
  }

  /** Another sample is here; a step that was asked for meanwhile follows. */
  arrive() {
    const next = this.wanted;
    this.forget();
    if (next) setTimeout(() => this.step(next)); // Streamlit takes no event before this update has ended
  }

  /** Wait for nothing any more. */
  forget() {
    clearTimeout(this.pending);
    this.pending = this.wanted = null;
  }
}
