/* Tags that the story's own words speak of, offered below the field: asked for by its button, or when the field is entered. */

const PATIENCE = 400; // milliseconds the field keeps the focus before the server is asked by itself
const MOST_CHARACTERS = 100000; // of the story: what the server reads
const ENOUGH = 80; // characters of a story worth asking about by itself

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

export class Proposals {
  /** `box` is the TagBox: its `field`, `box`, `input`, `words`, `status`, `has(name)` and `add(name)`. */
  constructor(box) {
    this.box = box;
    this.form = box.field.form;
    this.asked = "";
    this.found = [];
    this.build();
  }

  build() {
    const { words, box, input } = this.box;
    this.button = element("button", { type: "button", class: "proposals__ask" }, words.propose);
    this.list = element("ul", { class: "proposals__list", "aria-label": words.proposed });
    this.note = element("span", { class: "proposals__note", role: "status" });
    this.root = element("div", { class: "proposals" }, this.button, this.list, this.note);
    box.after(this.root);
    this.button.addEventListener("click", () => this.ask(true));
    input.addEventListener("focus", () => this.entered());
    input.addEventListener("blur", () => clearTimeout(this.waiting));
    box.addEventListener("tags:drawn", () => this.draw());
  }

  story() {
    const value = (name) => this.form?.elements.namedItem(name)?.value ?? "";
    return new URLSearchParams({
      headline: value("headline").slice(0, MOST_CHARACTERS),
      standfirst: value("standfirst").slice(0, MOST_CHARACTERS),
      body: value("body").slice(0, MOST_CHARACTERS),
      article: location.pathname.match(/\/article\/(\d+)\/change\//)?.[1] ?? "",
      csrfmiddlewaretoken: value("csrfmiddlewaretoken"),
    });
  }

  entered() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const story = this.story();
      const told = ["headline", "standfirst", "body"].reduce((sum, name) => sum + story.get(name).length, 0);
      if (told >= ENOUGH && story.toString() !== this.asked) this.ask(false);
    }, PATIENCE);
  }

  async ask(wanted) {
    const { words } = this.box;
    const story = this.story();
    this.asked = story.toString();
    this.root.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(words.proposals, { method: "POST", body: story, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      this.found = (await answer.json()).tags;
      this.draw();
      const count = this.list.children.length;
      this.note.textContent = count ? words.counted.replace("%count", String(count)) : wanted ? words.none : "";
    } catch {
      this.asked = "";
      this.note.textContent = wanted ? words.failed : "";
    }
    this.root.removeAttribute("aria-busy");
  }

  draw() {
    const fresh = this.found.filter(({ name }) => !this.box.has(name));
    this.list.replaceChildren(...fresh.map((tag) => this.chip(tag)));
  }

  chip({ name, uses }) {
    const button = element("button", { type: "button", class: "proposals__one" },
      element("span", { class: "proposals__name" }, name), element("span", { class: "proposals__uses" }, uses));
    button.addEventListener("click", () => {
      const place = [...this.list.children].indexOf(button.parentElement);
      this.box.add(name);
      const next = this.list.children[Math.min(place, this.list.children.length - 1)];
      (next?.querySelector("button") ?? this.button).focus(); // the chip itself is gone
    });
    return element("li", {}, button);
  }
}
