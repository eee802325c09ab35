/** Fetching the neighbours' pictures into the browser's cache, one after the other, while nothing else loads. */

const PAUSE_MS = 250; // after the last picture of this sample: stepping on quickly fetches nothing in vain

export class Prefetch {
  #controller = new AbortController();
  #timer = 0;
  #done = new Set();

  /**
   * Begin anew with these addresses; what was fetched already is left out.
   * @param {string[]} urls
   */
  start(urls) {
    this.stop();
    this.#controller = new AbortController();
    this.#timer = setTimeout(() => this.#run(urls, this.#controller.signal), PAUSE_MS);
  }

  async #run(urls, signal) {
    for (const url of urls.filter((each) => !this.#done.has(each))) {
      try {
        const response = await fetch(url, { signal, priority: "low" });
        await response.arrayBuffer(); // the cache keeps what was read to its end
        this.#done.add(url);
      } catch {
        return; // stopped, or the server is away: the panel that needs it will say so
      }
    }
  }

  /** Stop fetching. */
  stop() {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}
