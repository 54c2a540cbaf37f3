/** Notes beside the story: written, answered and resolved without leaving what is being typed. */

import { keep, kept } from "./half-written.js";

class Notes {
  constructor(root) {
    this.root = root;
    this.talks = root.querySelector("[data-talks]");
    this.text = root.querySelector("[data-text]");
    this.answers = "";
    this.quote = "";
    this.place = { user: root.dataset.user, article: root.dataset.article };
    this.isKept = true;
    root.addEventListener("click", (event) => this.pressed(event));
    document.addEventListener("selectionchange", () => this.marked());
    this.text.addEventListener("input", () => this.keep());
    addEventListener("beforeunload", (event) => this.isKept || event.preventDefault());
    this.wake();
    this.goOn(kept(this.place));
  }

  keep() {
    const text = this.text.value;
    this.isKept = keep(this.place, { text, quote: this.quote, answers: this.answers }) || !text.trim();
  }

  /** What was being written before; as a new note where nobody can answer that talk any more. */
  goOn(note) {
    if (!note) return;
    this.text.value = note.text;
    if (note.answers && this.talks.querySelector(`[data-answer="${CSS.escape(note.answers)}"]`)) this.turnTo(note.answers);
    else this.about(note.quote);
  }

  wake() {
    for (const part of this.root.querySelectorAll("[data-needs-script]")) part.hidden = false;
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  /** Words marked in the story are what the next note is about; those marked elsewhere are not. */
  marked() {
    const chosen = document.getSelection();
    const story = chosen.anchorNode?.parentElement?.closest(".ProseMirror");
    const words = story ? chosen.toString().replace(/\s+/g, " ").trim() : "";
    if (words && !this.answers) this.about(this.shortened(words));
  }

  shortened(words) {
    const most = Number(this.root.dataset.mostQuoted);
    return words.length <= most ? words : `${words.slice(0, most - 2)} …`;
  }

  about(words) {
    this.quote = words;
    this.find("quote").textContent = words;
    this.find("about").hidden = !words;
    if (this.text.value) this.keep();
  }

  pressed(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if ("answer" in button.dataset) this.answer(button.dataset.answer);
    else if ("settle" in button.dataset) this.send(button.dataset.settle, { settled: "1" });
    else if ("drop" in button.dataset) this.about("");
    else if ("cancel" in button.dataset) this.answer("");
    else if ("send" in button.dataset) this.write();
  }

  answer(talk) {
    this.turnTo(talk);
    this.text.focus();
  }

  turnTo(talk) {
    this.answers = talk;
    this.about("");
    const label = this.find("label");
    label.textContent = talk ? label.dataset.answering : label.dataset.new;
    this.find("cancel").hidden = !talk;
  }

  /** Once, however often it is pressed; what was typed while it went is no part of it, and stays. */
  async write() {
    if (this.writing) return;
    const pairs = { text: this.text.value, quote: this.quote, answers: this.answers };
    this.writing = true;
    const sent = await this.send(this.root.dataset.notes, pairs);
    this.writing = false;
    if (!sent || this.text.value !== pairs.text) return;
    this.text.value = "";
    this.keep();
    this.answer("");
  }

  /** Whether it worked; if not, everything typed stays where it is. */
  async send(address, pairs) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const said = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token },
      body: new URLSearchParams(pairs),
    }).then((answer) => answer.json()).catch(() => ({ problem: this.root.dataset.failed }));
    this.find("problem").textContent = said.problem ?? "";
    if (said.problem) return false;
    this.talks.innerHTML = said.html;
    this.find("said").textContent = said.said;
    this.wake();
    this.text.focus();
    return true;
  }
}

for (const root of document.querySelectorAll("[data-notes]")) new Notes(root);
