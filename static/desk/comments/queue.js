/** The moderators' queue: everything is done at once, announced, and can be undone. Without it, forms do the same. */

import { Editor, Keys, Reasons } from "./dialogs.js";
import { listen } from "./keys.js";
import { List } from "./list.js";
import { News } from "./news.js";
import { Sending } from "./sending.js";
import { ask, send } from "./server.js";

/** Rows in hand before more are asked for: a screen ahead of the quickest hands. */
const ENOUGH = 40;

class Queue {
  constructor(root) {
    Object.assign(this, { root, here: root.dataset.queue, query: root.dataset.query, token: root.dataset.token, done: [] });
    this.fromTop = this.query.replace(/(^|&)after=[^&]*/, "");
    this.said = root.querySelector("[data-said]");
    this.more = root.querySelector("[data-more]");
    this.list = new List(root);
    this.sending = new Sending();
    this.reasons = new Reasons(document);
    this.editor = new Editor(document);
    this.keys = new Keys(document);
    this.news = new News(this);
    root.classList.add("letters-desk--live");
    root.querySelector("[data-empty]").tabIndex = -1;
    root.addEventListener("click", (event) => this.click(event));
    listen(this);
  }

  click(event) {
    const target = event.target.closest("button, a");
    const row = target?.closest("[data-row]");
    if (!target || event.ctrlKey || event.metaKey) return;
    if (target.matches("[data-act]")) this.ask(row ? [row] : this.list.selected(), target.dataset.act);
    else if (target.matches("[data-pick]")) this.feature(row);
    else if (target.matches("[data-edit]")) this.edit(row);
    else if (target.matches("[data-undo]")) this.undo();
    else if (target.matches("[data-next]")) this.fill(true);
    else return;
    event.preventDefault();
  }

  /** What a key decides: what is selected, else where somebody is. */
  decideHere(state) {
    const selected = this.list.selected();
    const current = this.list.current();
    this.ask(selected.length || !current ? selected : [current], state);
    return true;
  }

  ask(rows, state) {
    const live = rows.filter((row) => !row.matches(".letter--gone"));
    if (!live.length) return this.say(this.said.dataset.choose);
    if (state !== "rejected") return this.decide(live, state);
    return this.reasons.ask(this.named(live), (pairs) => this.decide(live, state, pairs));
  }

  named(rows) {
    const number = rows.reduce((sum, row) => sum + row.dataset.seen.split(",").length, 0);
    if (number > 1) return document.querySelector("[data-about]").dataset.many.replace("%s", number);
    return document.getElementById(rows[0].getAttribute("aria-labelledby")).textContent;
  }

  /** The rows leave at once; they come back if the server does not take it. */
  decide(rows, state, extra = []) {
    const pairs = [["state", state], ["back", this.query], ...extra];
    for (const row of rows) {
      pairs.push(["comments", row.dataset.seen]);
      if (row.dataset.cluster) pairs.push(["cluster", row.dataset.cluster]);
    }
    const step = {};
    this.remember(step);
    this.list.takeOut(rows);
    this.fill();
    return this.sending.add(async () => {
      const { body } = await send(`${this.here}decisions/`, pairs, this.token);
      if (body?.batch) step.batch = body.batch;
      else this.forget(step);
      if (!body || body.problem) this.bringBack(rows, body);
      else this.readAgain(body);
    });
  }

  /** Told, and what was rewritten meanwhile stands in the list again, with its new words. */
  readAgain(body) {
    this.tell(body);
    for (const row of this.drawn(body)) row.classList.add("letter--back");
  }

  bringBack(rows, body) {
    for (const row of rows) {
      this.list.putIn(row);
      row.classList.add("letter--back");
    }
    this.warn([body?.problem ?? this.said.dataset[navigator.onLine ? "out" : "failed"]]);
  }

  remember(step) {
    this.done.push(step);
    this.root.querySelector("[data-undo]").hidden = false;
  }

  forget(step) {
    this.done = this.done.filter((one) => one !== step);
  }

  /** Take back the last thing done here, or, after a reload, the last since signing in. */
  undo() {
    const step = this.done.pop();
    this.sending.add(async () => {
      if (step && !step.batch) return;
      const { body } = await send(`${this.here}undo/`, [["batch", step?.batch ?? ""], ["back", this.query]], this.token);
      if (!body || body.problem) {
        if (step) this.remember(step);
        return this.warn([body?.problem ?? this.said.dataset.out]);
      }
      this.tell(body);
      if (!body.changed.length) this.root.querySelector("[data-undo]").hidden = !this.done.length;
      const rows = this.drawn(body);
      if (body.more) return this.news.show(); // more came back than were drawn
      this.list.focus(rows[0]);
    });
    return true;
  }

  drawn(body) {
    return this.list.putInDrawn(body.html);
  }

  feature(row) {
    const button = row?.querySelector("[data-pick]");
    if (!button) return this.say(this.said.dataset[row ? "approveFirst" : "choose"]) ?? true;
    return this.change(button.dataset.pick, [["on", button.value]]).then((problem) => problem && this.warn([problem]));
  }

  /** Resolves to a problem in words, or to nothing. */
  change(address, pairs) {
    return this.sending.add(async () => {
      const { body } = await send(address, [...pairs, ["back", this.query]], this.token);
      if (!body || body.problem) return body?.problem ?? this.said.dataset.out;
      if (body.batch) this.remember({ batch: body.batch });
      this.tell(body);
      this.drawn(body);
      return "";
    });
  }

  edit(row) {
    const link = row?.querySelector("[data-edit]");
    if (!link) return this.say(this.said.dataset.choose) ?? true;
    return ask(link.dataset.edit).then(({ body }) => {
      if (!body || body.problem) return this.warn([body?.problem ?? this.said.dataset.out]);
      const save = (text) => this.change(link.dataset.edit, [["text", text], ["seen", body.seen]]);
      return this.editor.open(body.text, save, () => this.list.focus(this.list.row(row.dataset.row)));
    });
  }

  search() {
    const field = this.root.querySelector("[data-search]");
    field.focus();
    field.select();
    return true;
  }

  /** Fetch further rows before the last one is decided. */
  async fill(always = false) {
    const link = this.more.querySelector("[data-next]");
    if (this.filling || !link.dataset.next || (!always && this.list.rows().length >= ENOUGH)) return;
    this.filling = true;
    const { body } = await ask(`${this.here}?${link.dataset.next}`);
    this.filling = false;
    if (!body) return;
    const lost = this.list.rows().length === 0;
    this.next(body.next);
    const rows = this.list.putInDrawn(body.html, true);
    this.list.showEmpty();
    if ((lost && this.root.contains(document.activeElement)) || document.activeElement === document.body) this.list.focus(rows[0]);
    if (rows.length) this.fill();
    else if (!body.next) this.atEnd();
    else if (always) this.say(this.said.dataset.onwards);
  }

  /** A search that came to the end of the tab has not stopped on the way any more. */
  atEnd() {
    const words = this.root.querySelector("[data-at-end]");
    if (words) words.textContent = words.dataset.atEnd;
  }

  next(query) {
    const link = this.more.querySelector("[data-next]");
    link.dataset.next = query;
    link.href = `${this.here}?${query}`;
    this.more.hidden = !query;
  }

  /** The list anew. */
  renew(body) {
    this.list.takeOut(this.list.rows(), true);
    this.next(body.next);
    const rows = this.drawn(body);
    this.count(body.counts);
    this.list.focus(rows[0]);
  }

  tell({ said, notices, counts }) {
    if (said) this.say(said);
    if (notices.length) this.warn(notices);
    else if (said) this.root.querySelector("[data-notices]").replaceChildren();
    this.count(counts);
  }

  say(words) {
    this.said.textContent = words;
  }

  warn(problems) {
    const made = problems.map((words) => Object.assign(document.createElement("p"), { textContent: words }));
    this.root.querySelector("[data-notices]").replaceChildren(...made);
  }

  count(counts) {
    for (const [tab, number] of Object.entries(counts)) {
      const place = this.root.querySelector(`[data-count="${tab}"]`);
      place.textContent = number;
      place.parentElement.classList.toggle("letter-tabs__tab--filled", number !== "0");
    }
  }
}

for (const root of document.querySelectorAll("[data-queue]")) new Queue(root);
