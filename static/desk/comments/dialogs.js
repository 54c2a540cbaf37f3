/** The dialogs of the queue: the reasons, the words of a comment, the keys. */

import { areOn, turn } from "../curation/keys.js";

function closable(dialog) {
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  return dialog;
}

/** Why something is refused: a digit, a click, or Enter for none of the reasons. */
export class Reasons {
  constructor(root) {
    this.dialog = closable(root.querySelector("[data-reasons]"));
    this.words = this.dialog.querySelector("[data-words]");
    this.warning = this.dialog.querySelector("[data-warning]");
    this.dialog.addEventListener("keydown", (event) => this.typed(event));
    this.dialog.addEventListener("click", (event) => {
      const button = event.target.closest("[data-digit]");
      if (button) this.choose(button);
    });
  }

  /** Ask, and call `chosen` with the pairs to send; nothing happens when it is closed. */
  ask(about, chosen) {
    this.chosen = chosen;
    this.words.value = "";
    this.warning.checked = false;
    this.dialog.querySelector("[data-about]").textContent = about;
    this.dialog.showModal();
  }

  typed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inWords = event.target === this.words;
    if (event.key === "Enter" && (inWords || event.target === this.warning)) this.press("0", event);
    else if (!inWords && event.key === "w") this.warning.checked = !this.warning.checked;
    else if (!inWords && /^[0-9]$/.test(event.key)) this.press(event.key, event);
  }

  press(digit, event) {
    event.preventDefault();
    this.dialog.querySelector(`[data-digit="${digit}"]`)?.click();
  }

  choose(button) {
    const pairs = [["code", button.value], ["reason", this.words.value]];
    if (this.warning.checked) pairs.push(["warning", "on"]);
    this.dialog.close();
    this.chosen(pairs);
  }
}

/** The words of one comment. They stay in the dialog until they are saved. */
export class Editor {
  constructor(root) {
    this.dialog = closable(root.querySelector("[data-editor]"));
    this.text = this.dialog.querySelector("[data-text]");
    this.problem = this.dialog.querySelector("[data-problem]");
    this.button = this.dialog.querySelector("[data-save]");
    this.button.addEventListener("click", () => this.finish());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.finish();
    });
    this.dialog.addEventListener("cancel", (event) => {
      if (this.text.value !== this.seen && !this.asked) {
        event.preventDefault(); // a second Escape throws the words away
        this.asked = true;
      }
    });
  }

  /** `save` takes the new words, and resolves to a problem in words, or to nothing. */
  open(text, save, closed) {
    this.dialog.addEventListener("close", closed, { once: true });
    [this.seen, this.save, this.asked] = [text, save, false];
    this.text.value = text;
    this.problem.hidden = true;
    this.dialog.showModal();
    this.text.focus();
  }

  async finish() {
    if (this.button.disabled) return;
    this.button.disabled = true;
    const problem = await this.save(this.text.value);
    this.button.disabled = false;
    this.problem.hidden = !problem;
    this.problem.textContent = problem ?? "";
    if (!problem) this.dialog.close();
  }
}

/** The list of keys, with the switch for them. */
export class Keys {
  constructor(root) {
    this.dialog = root.querySelector("[data-keys]");
    const box = this.dialog.querySelector("[data-keys-on]");
    box.checked = areOn();
    box.addEventListener("change", () => turn(box.checked));
    root.querySelector("[data-keys-open]").addEventListener("click", () => this.open());
  }

  open() {
    this.dialog.showModal();
    return true;
  }
}
