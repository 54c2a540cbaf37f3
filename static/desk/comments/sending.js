/** One thing after the other, in the order of the keys: hands may be faster than the network. */

export class Sending {
  constructor() {
    this.waiting = 0;
    this.last = Promise.resolve();
    addEventListener("beforeunload", (event) => {
      if (this.waiting) event.preventDefault();
    });
  }

  /** Run `job` once all before it are through. Resolves to what it resolves to. */
  add(job) {
    this.waiting += 1;
    const run = this.last.then(job).finally(() => (this.waiting -= 1));
    this.last = run.catch(() => {});
    return run;
  }
}
