/* Puts the lead picture into the library from the article's form: chosen or dropped, described, sent, selected.
   Without this module the plus beside the field opens the library's own page. */

const select = document.querySelector("#id_lead_picture[data-upload]");
let count = 0;

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

class LeadUpload {
  constructor(field) {
    this.field = field;
    this.row = field.closest(".form-row");
    Object.assign(this, JSON.parse(field.dataset.upload));
    this.input = element("input", { type: "file", accept: this.accept, hidden: true, onchange: () => this.chosen(this.input.files) });
    this.button = element("button", { type: "button", class: "lead-upload__button", onclick: () => this.input.click() }, this.words.upload);
    this.said = element("p", { class: "lead-upload__said", role: "status" });
  }

  start() {
    const hint = element("span", { class: "lead-upload__hint" }, this.words.drop);
    const line = element("div", { class: "lead-upload" }, this.button, hint, this.input);
    this.row.querySelector(".related-widget-wrapper").after(line, this.said);
    this.row.querySelector(".add-related")?.toggleAttribute("hidden", true);
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
      this.row.addEventListener(name, (event) => this.drag(event));
    }
  }

  drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.row.classList.toggle("lead-upload--over", event.type === "dragenter" || event.type === "dragover");
    if (event.type === "drop") this.chosen(event.dataTransfer.files);
  }

  chosen(files) {
    const [file] = files;
    if (!file) return;
    if (file.size > this.mostBytes) this.said.textContent = this.words.large;
    else this.describe(file);
    this.input.value = "";
  }

  text(label, help, most) {
    const id = `lead-upload-${(count += 1)}`;
    const input = element("input", { type: "text", id, maxlength: most, autocomplete: "off", "aria-describedby": `${id}-help` });
    const about = element("p", { class: "before-dialog__help", id: `${id}-help` }, help);
    return [input, [element("label", { for: id }, label), input, about]];
  }

  describe(file) {
    const { words } = this;
    const [alt, altParts] = this.text(words.alt, words.altHelp, this.mostAlt);
    const [credit, creditParts] = this.text(words.credit, words.creditHelp, this.mostCredit);
    const problem = element("p", { class: "before-dialog__problem", role: "alert" });
    const send = element("button", { type: "submit", class: "default" }, words.send);
    const cancel = element("button", { type: "button", onclick: () => dialog.close() }, words.cancel);
    const preview = element("img", { class: "lead-upload__preview", alt: "", src: URL.createObjectURL(file) });
    const submit = async (event) => {
      event.preventDefault();
      send.disabled = true;
      send.textContent = words.sending;
      problem.textContent = await this.send(file, { alt: alt.value, credit: credit.value });
      send.disabled = false;
      send.textContent = words.send;
      if (!problem.textContent) dialog.close();
    };
    const form = element("form", { method: "dialog", onsubmit: submit }, ...altParts, ...creditParts, problem, element("div", { class: "before-dialog__buttons" }, send, cancel));
    const title = element("h2", { id: "lead-upload-title" }, words.title);
    const closed = () => {
      URL.revokeObjectURL(preview.src);
      dialog.remove();
      this.button.focus();
    };
    const dialog = element("dialog", { class: "before-dialog", "aria-labelledby": "lead-upload-title", onclose: closed }, title, preview, form);
    document.body.append(dialog);
    dialog.showModal();
    alt.focus();
  }

  /** Returns what went wrong, or an empty string. */
  async send(file, values) {
    const body = new FormData();
    body.append("file", file, file.name);
    for (const [name, value] of Object.entries(values)) body.append(name, value);
    const headers = { Accept: "application/json", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value };
    try {
      const answer = await fetch(this.address, { method: "POST", body, headers });
      const told = await answer.json();
      if (!answer.ok) return told.error ?? this.words.failed;
      this.use(told);
      return "";
    } catch {
      return this.words.failed;
    }
  }

  use(picture) {
    const known = [...this.field.options].find((option) => option.value === String(picture.id));
    const option = known ?? new Option(picture.title, picture.id);
    if (!known) this.field.append(option);
    option.selected = true;
    const jQuery = window.django?.jQuery;
    if (jQuery) jQuery(this.field).trigger("change"); // select2 and the preview listen there
    else this.field.dispatchEvent(new Event("change", { bubbles: true }));
    const words = picture.known ? this.words.known : this.words.done;
    this.said.textContent = words.replace("%name", picture.title);
  }
}

if (select) new LeadUpload(select).start();
