/** The desk of one list: everything is done at once, announced, and can be undone. Without it, forms do the same. */

import { listen as listenToDragging } from "./dragging.js";
import * as keys from "./keys.js";
import { renew } from "./parts.js";
import { choose } from "./pictures.js";
import { ask, send } from "./server.js";

const POLL = 20_000;
const PAUSE = 180;

class Desk {
  constructor(root) {
    Object.assign(this, { root, address: root.dataset.desk, isPanel: "panel" in root.dataset, done: [], busy: Promise.resolve() });
  }

  get state() {
    return this.root.querySelector("[data-state]")?.dataset.state ?? "";
  }

  async start() {
    if (this.isPanel && !(await this.load())) return;
    this.root.classList.add("desk--live");
    this.equip();
    keys.listen(this);
    listenToDragging(this.root, (row, before) => this.drop(row, before));
    this.root.addEventListener("click", (event) => this.click(event));
    this.root.addEventListener("keydown", (event) => this.typed(event));
    this.root.addEventListener("input", (event) => event.target.matches("[data-search]") && this.find());
    setInterval(() => document.visibilityState === "visible" && this.poll(), POLL);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.poll());
    this.look();
  }

  /** On the article's form the page only tells; here the desk itself comes. */
  async load() {
    const answer = await ask(this.address, { whole: "1" });
    if (!answer?.parts) return false;
    const made = document.createElement("template");
    made.innerHTML = answer.parts.whole;
    this.root.querySelector("[data-whole]").replaceChildren(made.content);
    return true;
  }

  equip() {
    const help = this.root.querySelector("[data-keys]");
    if (!help) return;
    const box = help.querySelector("[data-keys-on]");
    help.hidden = false;
    box.checked = keys.areOn();
    box.addEventListener("change", () => keys.turn(box.checked));
    const undo = this.root.querySelector("[data-undo]");
    if (undo.value) this.done.push(undo.value);
  }

  /** Once somebody has it before their eyes. */
  look() {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      send(`${this.address}look/`, { quiet: "1" }, this.root.dataset.token);
    });
    seen.observe(this.root);
  }

  click(event) {
    const target = event.target.closest("button");
    if (!target) return;
    if (target.matches("[data-choose]")) choose(this.root, target);
    else if (target.matches("[data-undo]")) this.undo();
    else if (target.dataset.act) this.press(target);
    else return;
    event.preventDefault();
  }

  /** Enter in a field does what its button does; Escape closes what is open. */
  typed(event) {
    const more = event.target.closest("[data-more]");
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      if (more) more.querySelector("[data-save]").click();
      else if (event.target.matches("[data-search]")) this.find();
    } else if (event.key === "Escape" && more?.open) {
      more.open = false;
      more.closest("[data-row]").focus();
    }
  }

  press(button) {
    const values = { [button.name]: button.value };
    const more = button.closest("[data-more]");
    for (const field of more?.querySelectorAll("[data-field]") ?? []) values[field.dataset.field || field.name] = field.value;
    return this.act(button.dataset.act, values, more ? button.closest("[data-row]").dataset.row : "");
  }

  /** Post one action; they go one after the other, so that each sees the list the last one left. */
  act(noun, values, closing = "") {
    this.busy = this.busy.then(() => this.post(noun, values, closing));
    return this.busy;
  }

  async post(noun, values, closing = "") {
    const answer = await send(`${this.address}${noun}/`, { ...values, state: this.state }, this.root.dataset.token);
    this.show(answer, { closing: answer?.problem ? "" : closing });
    if (answer?.undo) this.done.push(String(answer.undo));
    else if (noun === "undo" && answer) this.done.pop();
    this.root.querySelector("[data-undo]").hidden = !this.done.length;
    if (this.asked()) this.find(0);
  }

  show(answer, options) {
    if (!answer?.parts) return this.tell({ problem: this.root.querySelector("[data-failed]").dataset.failed });
    renew(this.root, answer.parts, options);
    this.tell(answer);
  }

  tell({ said = "", problem = "", notice = "" }) {
    this.root.querySelector("[data-said]").textContent = said;
    this.root.querySelector("[data-problem]").textContent = problem;
    if (notice || said) this.root.querySelector("[data-notice]").textContent = notice;
  }

  undo() {
    this.busy = this.busy.then(() => {
      const entry = this.done.at(-1);
      const said = this.root.querySelector("[data-said]");
      if (!entry) said.textContent = said.dataset.nothing;
      return entry && this.post("undo", { entry });
    });
    return true;
  }

  /** `row` was dropped before the row `before` of the list, or behind its last. */
  drop(row, before) {
    const list = [...this.root.querySelectorAll("[data-slots] > [data-row]")].filter((one) => one !== row);
    const at = before ? list.indexOf(before) : list.length;
    const picked = list.slice(0, at).filter((one) => "pick" in one.dataset);
    if (!("pick" in row.dataset)) return this.act("picks", { target: row.dataset.row, position: String(picked.length + 1) });
    const order = list.filter((one) => "pick" in one.dataset).map((one) => one.dataset.row);
    order.splice(picked.length, 0, row.dataset.row);
    return this.act("order", { order: order.join(",") });
  }

  async poll() {
    if (document.querySelector("dialog[open]")) return;
    const answer = await ask(this.address, { state: this.state });
    if (!answer?.parts) return;
    renew(this.root, answer.parts);
    if (answer.notice) this.root.querySelector("[data-notice]").textContent = answer.notice;
  }

  asked() {
    return this.root.querySelector("[data-search]")?.value.trim() ?? "";
  }

  find(pause = PAUSE) {
    clearTimeout(this.waiting);
    return new Promise((resolve) => {
      this.waiting = setTimeout(() => this.fetchFound().then(resolve), pause);
    });
  }

  async fetchFound() {
    this.asking?.abort();
    this.asking = new AbortController();
    const q = this.asked();
    if (!q) return renew(this.root, { found: "" });
    try {
      const answer = await ask(`${this.address}found/`, { q }, { signal: this.asking.signal });
      if (!answer?.parts) return;
      renew(this.root, answer.parts);
      this.root.querySelector("[data-count]").textContent = this.root.querySelector("[data-part=found] h2")?.textContent ?? "";
    } catch {
      // A later word was typed meanwhile.
    }
  }

  search() {
    const field = this.root.querySelector("[data-search]");
    field?.focus();
    field?.select();
    return Boolean(field);
  }

  help() {
    const help = this.root.querySelector("[data-keys]");
    help.open = !help.open;
    help.querySelector("summary").focus();
    return true;
  }
}

for (const root of document.querySelectorAll("[data-desk]")) new Desk(root).start();
