/** Single keys of the wire desk. They can be switched off, never fire in a field, and never with Ctrl, Alt or Meta. */

import { areOn, turn } from "./curation/keys.js";

const FIELD = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const rows = () => [...document.querySelectorAll("[data-row]")];
const current = () => document.activeElement?.closest?.("[data-row]");
const press = (found) => (found ? (found.click(), true) : false);
const keys = document.querySelector("[data-keys]");

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

function decide(row, act) {
  const button = row?.querySelector(`[data-act=${act}]`);
  if (button) remember(row);
  return press(button);
}

const MEANINGS = {
  j: () => step(1),
  k: () => step(-1),
  t: (row) => decide(row, "take"),
  i: (row) => decide(row, "ignore"),
  x: (row) => press(row?.closest("tr")?.querySelector("input.action-select")),
  "/": () => {
    const field = document.getElementById("searchbar");
    field?.focus();
    return Boolean(field);
  },
  "?": () => {
    keys.open = !keys.open;
    return true;
  },
};

function meaning(event) {
  const row = current();
  if (event.key === "Enter" && row && document.activeElement === row) return press(row.querySelector("[data-open]"));
  if (!areOn() || event.repeat && !"jk".includes(event.key) || !Object.hasOwn(MEANINGS, event.key)) return false;
  return MEANINGS[event.key](row);
}

/** Taking and ignoring load the page anew: whoever works by keys goes on at the same place. */
const PLACE = "newsroom.wires.place";

function remember(row) {
  try {
    sessionStorage.setItem(PLACE, String(rows().indexOf(row)));
  } catch {
    // Then it begins at the top.
  }
}

function goOn() {
  try {
    const at = sessionStorage.getItem(PLACE);
    sessionStorage.removeItem(PLACE);
    if (at !== null) (rows()[Number(at)] ?? rows().at(-1))?.focus();
  } catch {
    // A browser that keeps nothing.
  }
}

if (keys) {
  goOn();
  const box = keys.querySelector("[data-keys-on]");
  keys.hidden = false;
  box.checked = areOn();
  box.addEventListener("change", () => turn(box.checked));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(FIELD)) return;
    if (meaning(event)) event.preventDefault();
  });
}
