/** Notes beside the story: written, answered and resolved without leaving what is being typed. */

class Notes {
  constructor(root) {
    this.root = root;
    this.talks = root.querySelector("[data-talks]");
    this.text = root.querySelector("[data-text]");
    this.answers = "";
    this.quote = "";
    root.addEventListener("click", (event) => this.pressed(event));
    document.addEventListener("selectionchange", () => this.marked());
    this.wake();
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
    this.answers = talk;
    this.about("");
    const label = this.find("label");
    label.textContent = talk ? label.dataset.answering : label.dataset.new;
    this.find("cancel").hidden = !talk;
    this.text.focus();
  }

  async write() {
    const pairs = { text: this.text.value, quote: this.quote, answers: this.answers };
    if (await this.send(this.root.dataset.notes, pairs)) {
      this.text.value = "";
      this.answer("");
    }
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
