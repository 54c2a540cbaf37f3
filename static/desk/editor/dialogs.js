/** Dialogs: native ones, built when needed, gone when closed. Each function resolves to the choice or null. */

import { afterPause, element, fill } from "./dom.js";
import { ask } from "./server.js";

let count = 0;

/** Shows a dialog; `build(finish)` gives its content, `finish(value)` closes it with a result. */
function show(desk, title, build, css = "") {
  return new Promise((resolve) => {
    let result = null;
    const id = `story-dialog-${(count += 1)}`;
    const finish = (value) => {
      result = value;
      dialog.close();
    };
    const dialog = element(
      "dialog",
      { class: `story-dialog ${css}`, "aria-labelledby": id },
      element("h2", { class: "story-dialog__title", id }, title),
    );
    dialog.append(...build(finish));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("[data-first]")?.focus();
  });
}

function field(label, input, help = "") {
  const id = `story-field-${(count += 1)}`;
  input.id = id;
  const children = [element("label", { for: id, class: "story-field__label" }, label), input];
  if (help) {
    input.setAttribute("aria-describedby", `${id}-help`);
    children.push(element("p", { class: "story-field__help", id: `${id}-help` }, help));
  }
  return element("div", { class: "story-field" }, ...children);
}

function buttons(...made) {
  return element("div", { class: "story-dialog__buttons" }, ...made);
}

function button(label, onclick, attributes = {}) {
  return element("button", { type: "button", class: "story-button", onclick, ...attributes }, label);
}

/** The address as a story may link to it, or "". The server has the last word. */
export function address(text) {
  const typed = text.trim();
  if (/^(https?:\/\/[^\s/?#@\\]+\.?[^\s\\]*|mailto:\S+@\S+|tel:\+?[\d\s().\/-]{2,}|\/(?![/\\])[^\s\\]*)$/i.test(typed)) return typed;
  if (/^www\.\S+\.\S+$/i.test(typed)) return `https://${typed}`;
  if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(typed)) return `mailto:${typed}`;
  return "";
}

/** Resolves to `{href}`, `{remove: true}` or null. */
export function chooseLink(desk, href) {
  const { words } = desk;
  return show(desk, words.linkTitle, (finish) => {
    const input = element("input", { type: "text", value: href, autocomplete: "off", "data-first": true });
    const problem = element("p", { class: "story-dialog__problem", role: "alert" });
    const results = element("ul", { class: "story-results", "aria-label": words.ourArticles });
    const search = afterPause(async () => {
      const typed = input.value.trim();
      if (typed.length < 2 || address(typed)) return results.replaceChildren();
      try {
        const { articles } = await ask(desk.articles, { q: typed });
        if (typed === input.value.trim()) results.replaceChildren(...listed(desk, articles, finish));
      } catch {
        problem.textContent = words.failed;
      }
    });
    input.addEventListener("input", () => {
      problem.textContent = "";
      search();
    });
    const form = element(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          const found = address(input.value);
          if (found) finish({ href: found });
          else problem.textContent = words.linkBad;
        },
      },
      field(words.linkLabel, input, words.linkHelp),
      problem,
      results,
      buttons(
        element("button", { class: "story-button story-button--main" }, words.set),
        href ? button(words.removeLink, () => finish({ remove: true })) : null,
        button(words.cancel, () => finish(null)),
      ),
    );
    return [form];
  });
}

function listed(desk, articles, finish) {
  if (!articles.length) return [element("li", { class: "story-results__none" }, desk.words.nothingFound)];
  return articles.map((article) =>
    element(
      "li",
      {},
      element(
        "button",
        { type: "button", class: "story-results__item", onclick: () => finish({ href: article.url }) },
        element("strong", {}, article.headline),
        element("span", {}, `${article.section} · ${article.date}`),
      ),
    ),
  );
}

/** Resolves to `{url, title}` or null. */
export function chooseEmbed(desk) {
  const { words } = desk;
  return show(desk, words.embedTitle, (finish) => {
    const url = element("input", { type: "url", autocomplete: "off", placeholder: "https://", "data-first": true });
    const title = element("input", { type: "text", maxlength: "200", autocomplete: "off" });
    const problem = element("p", { class: "story-dialog__problem", role: "alert" });
    const form = element(
      "form",
      {
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          const found = address(url.value);
          if (/^https?:/i.test(found)) finish({ url: found, title: title.value.trim() });
          else problem.textContent = words.embedBad;
        },
      },
      field(words.embedLabel, url),
      field(words.embedName, title, words.embedNameHelp),
      problem,
      buttons(
        element("button", { class: "story-button story-button--main" }, words.insert),
        button(words.cancel, () => finish(null)),
      ),
    );
    return [form];
  });
}

/** Resolves to a list of pictures (of one, unless `several`) or null. */
export function choosePictures(desk, { several = false } = {}) {
  const { words } = desk;
  return show(
    desk,
    several ? words.galleryTitle : words.pictureTitle,
    (finish) => new PictureChoice(desk, several, finish).parts(),
    "story-dialog--wide",
  );
}

class PictureChoice {
  constructor(desk, several, finish) {
    Object.assign(this, { desk, several, finish, page: 1, chosen: new Map() });
    const { words } = desk;
    this.search = element("input", { type: "search", autocomplete: "off", "data-first": true });
    this.search.addEventListener("input", afterPause(() => this.load(1)));
    this.grid = element("ul", { class: "story-pictures" });
    this.status = element("p", { class: "story-pictures__status", role: "status" });
    this.more = button(words.more, () => this.load(this.page + 1), { hidden: true });
    this.insert = element("button", { class: "story-button story-button--main", hidden: !several }, words.insertGallery);
  }

  parts() {
    const { words } = this.desk;
    const upload = button(words.uploadNew, () => this.upload());
    const form = element(
      "form",
      {
        class: "story-pictures__form",
        onsubmit: (event) => {
          event.preventDefault();
          if (event.submitter === this.insert || this.chosen.size) this.done();
        },
      },
      element("div", { class: "story-pictures__top" }, field(words.search, this.search, words.searchHelp), upload),
      this.status,
      this.grid,
      this.more,
      buttons(this.insert, button(words.cancel, () => this.finish(null))),
    );
    this.load(1);
    return [form];
  }

  async load(page) {
    const { words } = this.desk;
    const asked = this.search.value;
    this.status.textContent = words.loading;
    try {
      const found = await this.desk.library.find(asked, page);
      if (asked !== this.search.value) return;
      if (page === 1) this.grid.replaceChildren();
      this.page = page;
      this.grid.append(...found.pictures.map((picture) => this.item(picture)));
      this.more.hidden = !found.more;
      this.tell(this.grid.childElementCount ? "" : words.nothingFound);
    } catch {
      this.status.textContent = words.failed;
    }
  }

  tell(text) {
    this.status.textContent = this.chosen.size ? fill(this.desk.words.chosen, { count: this.chosen.size }) : text;
  }

  item(picture) {
    const { words } = this.desk;
    const notes = [picture.alt ? "" : words.noAlt, picture.expired ? words.expired : ""].filter(Boolean).join(", ");
    const choice = element(
      "button",
      {
        type: "button",
        class: "story-pictures__item",
        "aria-pressed": this.several ? String(this.chosen.has(picture.id)) : null,
        onclick: () => this.pick(picture, choice),
      },
      thumbnail(picture),
      element("span", { class: "story-pictures__name" }, picture.title),
      notes ? element("span", { class: "story-pictures__note" }, notes) : null,
    );
    return element("li", {}, choice);
  }

  pick(picture, choice) {
    if (!this.several) return this.finish([picture]);
    if (!this.chosen.delete(picture.id)) this.chosen.set(picture.id, picture);
    choice.setAttribute("aria-pressed", String(this.chosen.has(picture.id)));
    this.tell("");
  }

  done() {
    if (this.chosen.size) this.finish([...this.chosen.values()]);
  }

  /** Opens the library's own form in a window; it tells us the new picture's number as the admin's forms do. */
  upload() {
    const catcher = element("input", { type: "hidden", id: "story-uploaded" });
    document.body.append(catcher);
    const opened = window.open(`${this.desk.upload}?_popup=1`, catcher.id, "width=900,height=800,resizable=yes,scrollbars=yes");
    const watching = setInterval(async () => {
      if (!opened || (!opened.closed && !catcher.value)) return;
      clearInterval(watching);
      catcher.remove();
      if (!catcher.value) return;
      const picture = await this.desk.library.picture(catcher.value);
      if (!picture) return;
      if (!this.several) return this.finish([picture]);
      this.chosen.set(picture.id, picture);
      this.grid.prepend(this.item(picture));
      this.tell("");
    }, 250);
  }
}

/** A small version of a picture for the desk, or its title where there is none. */
export function thumbnail(picture, src = picture.preview) {
  if (!src) return element("span", { class: "story-thumbnail story-thumbnail--none" }, picture.title);
  return element("img", { class: "story-thumbnail", src, alt: picture.alt, loading: "lazy", draggable: "false" });
}
