/** The rows on the screen: where somebody is, what is selected, taking rows out and putting them in again. */

const FIELD = "input, textarea, select, button, a, summary";

export class List {
  constructor(root) {
    this.root = root;
    this.box = root.querySelector("[data-letters]");
    this.empty = root.querySelector("[data-empty]");
    this.isDescending = "descending" in root.dataset;
    this.place = -1;
    this.box.addEventListener("focusin", (event) => (this.place = this.rows().indexOf(event.target.closest("[data-row]"))));
    this.box.addEventListener("click", (event) => this.ticked(event));
    this.box.addEventListener("change", () => this.tellSelected());
    this.root.querySelector("[data-clear]").addEventListener("click", () => this.clear());
  }

  rows() {
    return [...this.box.querySelectorAll(":scope > [data-row]")];
  }

  row(id) {
    return this.box.querySelector(`:scope > [data-row="${Number(id)}"]`);
  }

  current() {
    const row = document.activeElement?.closest?.("[data-row]");
    return row && this.box.contains(row) ? row : null;
  }

  focus(row) {
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
    return Boolean(row);
  }

  /** To the next row or the one before; from nowhere to where somebody was last. */
  step(by) {
    const rows = this.rows();
    const current = this.current();
    const at = current ? rows.indexOf(current) + by : Math.max(0, Math.min(this.place, rows.length - 1));
    return this.focus(rows[at]);
  }

  /** Take rows out and go to what follows the last of them; `quietly`: only where somebody was on one of them. */
  takeOut(rows, quietly = false) {
    const all = this.rows();
    const going = new Set(rows);
    const last = all.findLastIndex((row) => going.has(row));
    const next = all.slice(last + 1).find((row) => !going.has(row)) ?? all.slice(0, last).findLast((row) => !going.has(row));
    const goOn = rows.some((row) => row.contains(document.activeElement)) || !quietly;
    if (goOn) this.focus(next);
    for (const row of rows) row.remove();
    this.tellSelected();
    this.showEmpty();
    if (goOn && !next) this.empty.focus({ preventScroll: true });
  }

  /** Put one in at its place; what stands there already is replaced, and whoever was on it stays on it. */
  putIn(row) {
    const old = this.row(row.dataset.row);
    const wasHere = old?.contains(document.activeElement);
    const after = (one) => (this.isDescending ? one.dataset.cursor < row.dataset.cursor : one.dataset.cursor > row.dataset.cursor);
    if (old) old.replaceWith(row);
    else this.box.insertBefore(row, this.rows().find(after) ?? null);
    if (wasHere) this.focus(row);
    this.showEmpty();
    return row;
  }

  /** Put in the rows that the server drew; all of them, or those that are `missing`. */
  putInDrawn(html, missing = false) {
    const made = document.createElement("template");
    made.innerHTML = html;
    const rows = [...made.content.querySelectorAll("[data-row]")];
    return rows.filter((row) => !missing || !this.row(row.dataset.row)).map((row) => this.putIn(row));
  }

  showEmpty() {
    this.empty.hidden = this.rows().length > 0 || !this.root.querySelector("[data-more]").hidden;
  }

  selected() {
    return this.rows().filter((row) => row.querySelector("[data-tick]:checked"));
  }

  select(row, on) {
    const box = row?.querySelector("[data-tick]");
    if (!box || box.disabled) return;
    box.checked = on;
    this.anchor = row;
    this.tellSelected();
  }

  clear() {
    for (const row of this.selected()) row.querySelector("[data-tick]").checked = false;
    this.tellSelected();
  }

  /** Shift and a click on a box: all between, as the last one is. */
  ticked(event) {
    const box = event.target.closest("[data-tick]");
    if (!box) {
      const row = event.target.closest("[data-row]");
      if (row && !event.target.closest(FIELD) && !String(getSelection())) row.focus({ preventScroll: true });
      return;
    }
    const rows = this.rows();
    const [from, to] = [rows.indexOf(this.anchor), rows.indexOf(box.closest("[data-row]"))];
    if (event.shiftKey && from >= 0) {
      for (const row of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) row.querySelector("[data-tick]").checked = box.checked;
      this.tellSelected();
    }
    this.anchor = rows[to];
  }

  tellSelected() {
    const number = this.selected().reduce((sum, row) => sum + row.dataset.seen.split(",").length, 0);
    const told = this.root.querySelector("[data-selected]");
    this.root.querySelector("[data-several]").classList.toggle("letters-several--open", number > 0);
    told.textContent = number === 1 ? told.dataset.one : told.dataset.many.replace("%s", number);
  }
}
