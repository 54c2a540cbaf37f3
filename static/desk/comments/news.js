/** What others and time do to the list: new ones are announced, and those decided elsewhere leave. */

import { ask } from "./server.js";

const POLL = 20_000;

export class News {
  constructor(queue) {
    this.queue = queue;
    this.since = queue.root.dataset.since;
    this.box = queue.root.querySelector("[data-news]");
    this.button = queue.root.querySelector("[data-fresh]");
    this.button.addEventListener("click", () => this.show());
    setInterval(() => this.poll(), POLL);
    document.addEventListener("visibilitychange", () => this.poll());
  }

  async poll() {
    if (document.visibilityState !== "visible" || this.asking) return;
    this.asking = true;
    const { list, here, query } = this.queue;
    const url = new URL("news/", new URL(here, document.baseURI));
    url.search = query;
    url.searchParams.set("since", this.since);
    url.searchParams.set("shown", list.rows().filter((row) => !row.matches(".letter--gone")).map((row) => row.dataset.row).join(","));
    const { body } = await ask(url);
    this.asking = false;
    if (!body) return;
    this.announce(body.new);
    this.queue.count(body.counts);
    for (const one of body.gone) this.leave(one);
  }

  announce(number) {
    const words = number === 1 ? this.button.dataset.one : this.button.dataset.many.replace("%s", number > 99 ? "99+" : number);
    if (number && this.button.textContent !== words) this.queue.say(words);
    this.button.textContent = words;
    this.box.hidden = !number;
  }

  /** A row that somebody is reading stays where it is and says what became of it. */
  leave({ id, said }) {
    const row = this.queue.list.row(id);
    if (!row) return;
    if (!row.contains(document.activeElement)) return this.queue.list.takeOut([row], true);
    const told = document.createElement("p");
    told.className = "letter__gone";
    told.textContent = said;
    row.classList.add("letter--gone");
    row.querySelector(".letter__main").prepend(told);
    for (const control of row.querySelectorAll("button, [data-tick]")) control.disabled = true;
    this.queue.say(said);
    row.addEventListener("focusout", () => setTimeout(() => row.contains(document.activeElement) || this.queue.list.takeOut([row], true)));
  }

  /** The list from its beginning, as it stands now. */
  async show() {
    const { body } = await ask(`${this.queue.here}?${this.queue.fromTop}`);
    if (!body) return;
    this.since = body.since;
    this.announce(0);
    this.queue.renew(body);
  }
}
