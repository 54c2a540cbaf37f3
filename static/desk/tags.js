/*
 * Tags as chips, with suggestions. The text field with its commas stays in the form and is what is sent:
 * without this module it is typed by hand.
 */

import { Proposals } from "./tag-proposals.js";

const PATIENCE = 150; // milliseconds of quiet before the server is asked

const tidy = (name) => name.split(/\s+/).filter(Boolean).join(" ");
const key = (name) => tidy(name).normalize("NFKC").toLowerCase();

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

class TagBox {
  constructor(field) {
    this.field = field;
    this.words = field.dataset;
    this.tags = field.value.split(",").map(tidy).filter(Boolean);
    this.found = [];
    this.at = -1;
    this.build();
    this.draw();
    if (this.words.proposals) new Proposals(this);
  }

  has(name) {
    return this.tags.some((tag) => key(tag) === key(name));
  }

  build() {
    const { field } = this;
    const listId = `${field.id}-suggestions`;
    this.chips = element("ul", { class: "tagbox__chips" });
    this.input = element("input", {
      type: "text", class: "tagbox__field", id: `${field.id}-typed`, maxlength: "80", autocomplete: "off",
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId,
    });
    this.list = element("ul", { class: "tagbox__list", role: "listbox", id: listId, "aria-label": this.words.found });
    this.list.hidden = true;
    this.status = element("span", { class: "visually-hidden", role: "status" });
    this.box = element("div", { class: "tagbox" }, this.chips, this.input, this.list, this.status);
    const help = field.getAttribute("aria-describedby");
    if (help) this.input.setAttribute("aria-describedby", help);
    field.type = "hidden";
    field.after(this.box);
    const label = document.querySelector(`label[for="${field.id}"]`);
    if (label) label.htmlFor = this.input.id;
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.left());
    this.box.addEventListener("click", (event) => event.target === this.box && this.input.focus());
    this.list.addEventListener("mousedown", (event) => this.pointed(event));
    field.form?.addEventListener("submit", () => this.left());
  }

  draw() {
    this.chips.replaceChildren(...this.tags.map((name) => this.chip(name)));
    this.field.value = this.tags.join(", ");
    this.box.dispatchEvent(new Event("tags:drawn"));
  }

  chip(name) {
    const remove = element("button", { type: "button", "aria-label": this.words.remove.replace("%name", name) }, "×");
    remove.addEventListener("click", () => {
      this.tags = this.tags.filter((tag) => tag !== name);
      this.draw();
      this.input.focus();
    });
    return element("li", {}, element("span", {}, name), remove);
  }

  add(name) {
    const clean = tidy(name);
    if (clean && !this.has(clean)) {
      this.tags.push(clean);
      this.draw();
      this.status.textContent = this.words.added.replace("%name", clean);
    }
    this.input.value = "";
    this.close();
  }

  typed() {
    if (this.input.value.includes(",")) {
      const names = this.input.value.split(",");
      const rest = names.pop();
      for (const name of names) this.add(name);
      this.input.value = rest.trimStart();
    }
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask().catch(() => this.close()), PATIENCE);
  }

  async ask() {
    const query = this.input.value.trim();
    if (!query) return this.close();
    const answer = await fetch(`${this.words.tags}?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || this.input.value.trim() !== query) return undefined;
    const { tags } = await answer.json();
    this.found = tags.filter(({ name }) => !this.has(name));
    return this.open();
  }

  open() {
    if (!this.found.length) return this.close();
    this.at = -1;
    this.list.replaceChildren(...this.found.map(({ name, uses, other }, index) =>
      element("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false" },
        element("span", {}, name), element("span", { class: "tagbox__uses" }, other ? `${other} · ${uses}` : uses))));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    return undefined;
  }

  close() {
    this.found = [];
    this.at = -1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  go(step) {
    const count = this.found.length;
    this.at = (this.at + step + count + (this.at < 0 && step < 0 ? 1 : 0)) % count;
    [...this.list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === this.at)));
    const chosen = this.list.children[this.at];
    this.input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault(); // in this field it finishes a tag, it never sends the form
      this.add(this.found[this.at]?.name ?? this.input.value);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.found.length) {
      event.preventDefault();
      this.go(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      this.close();
    } else if (event.key === "Backspace" && !this.input.value && this.tags.length) {
      this.tags.pop();
      this.draw();
    }
  }

  pointed(event) {
    event.preventDefault(); // the field keeps the focus
    const index = [...this.list.children].indexOf(event.target.closest("li"));
    if (index >= 0) this.add(this.found[index].name);
  }

  left() {
    clearTimeout(this.waiting);
    if (this.input.value) this.add(this.input.value);
    this.close();
  }
}

for (const field of document.querySelectorAll("input[data-tags]")) new TagBox(field);
