// Uploads: a look at the chosen file before it is sent; many files one by one, dropped or chosen.

function previewChosen(input) {
  const preview = document.createElement("img");
  preview.className = "upload-preview";
  preview.alt = "";
  preview.hidden = true;
  input.closest(".form-row, div").append(preview);
  input.addEventListener("change", () => {
    URL.revokeObjectURL(preview.src);
    preview.hidden = true;
    if (input.files.length) preview.src = URL.createObjectURL(input.files[0]);
  });
  preview.addEventListener("load", () => { preview.hidden = false; });
}

class Several {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("[name=pictures]");
    this.drop = form.querySelector("[data-drop]");
    this.outcomes = document.querySelector("[data-outcomes]");
    this.count = document.querySelector("[data-several-count]");
    this.queue = [];
    this.done = 0;
    this.all = 0;
    this.busy = false;
  }

  start() {
    this.form.querySelector("[data-drop-hint]").hidden = false;
    this.form.addEventListener("submit", (event) => this.submit(event));
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
      this.drop.addEventListener(name, (event) => this.drag(event));
    }
  }

  submit(event) {
    if (!this.input.files.length) return;
    event.preventDefault();
    this.add(this.input.files);
    this.input.value = "";
  }

  drag(event) {
    event.preventDefault();
    this.drop.classList.toggle("is-over", event.type === "dragenter" || event.type === "dragover");
    if (event.type === "drop") this.add(event.dataTransfer.files);
  }

  add(files) {
    document.querySelector("[data-several-heading]").hidden = false;
    for (const file of files) {
      const place = this.place(file.name, this.outcomes.dataset.waiting, "waiting");
      this.outcomes.append(place);
      this.queue.push([file, place]);
      this.all += 1;
    }
    this.say();
    if (!this.busy) this.work();
  }

  async work() {
    this.busy = true;
    while (this.queue.length) {
      const [file, place] = this.queue.shift();
      place.replaceWith(await this.send(file));
      this.done += 1;
      this.say();
    }
    this.busy = false;
  }

  async send(file) {
    const data = new FormData(this.form);
    data.delete("pictures");
    data.append("pictures", file, file.name);
    data.append("part", "outcomes");
    let words = this.outcomes.dataset.failed;
    try {
      const response = await fetch(this.form.action, { method: "POST", body: data, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const outcome = page.querySelector(".outcome");
      if (response.ok && outcome) return outcome;
      words = page.querySelector(".errorlist")?.textContent.trim() || words;
    } catch { /* the words stand already */ }
    return this.place(file.name, words, "refused");
  }

  place(name, words, state) {
    const item = document.createElement("li");
    item.className = `outcome outcome--${state}`;
    const frame = document.createElement("span");
    frame.className = "outcome__frame";
    const text = document.createElement("span");
    text.className = "outcome__words";
    const title = document.createElement("b");
    title.className = "outcome__name";
    title.textContent = name;
    text.append(title, words);
    item.append(frame, text);
    return item;
  }

  say() {
    this.count.textContent = this.count.dataset.words.replace("{done}", this.done).replace("{all}", this.all);
  }
}

const single = document.querySelector("#image_form input[name=file]");
if (single) previewChosen(single);
for (const form of document.querySelectorAll("form[data-several]")) new Several(form).start();
