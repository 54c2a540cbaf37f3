/** Single keys of the queue. They can be switched off, never fire in a field, and never with Ctrl, Alt or Meta. */

import { areOn } from "../curation/keys.js";

const FIELD = "input:not([type=checkbox]), textarea, select, [contenteditable]";

function reveal(row) {
  const parts = [...(row?.querySelectorAll("details[data-context]") ?? [])];
  const open = !parts.some((part) => part.open);
  for (const part of parts) part.open = open;
  return parts.length > 0;
}

function extend(queue, by) {
  const list = queue.list;
  list.select(list.current(), true);
  const moved = list.step(by);
  list.select(list.current(), true);
  return moved;
}

const MEANINGS = {
  j: (queue) => queue.list.step(1),
  k: (queue) => queue.list.step(-1),
  J: (queue) => extend(queue, 1),
  K: (queue) => extend(queue, -1),
  a: (queue) => queue.decideHere("approved"),
  r: (queue) => queue.decideHere("rejected"),
  s: (queue) => queue.decideHere("spam"),
  e: (queue) => queue.edit(queue.list.current()),
  f: (queue) => queue.feature(queue.list.current()),
  u: (queue) => queue.undo(),
  x: (queue, row) => row && (queue.list.select(row, !row.querySelector("[data-tick]").checked), true),
  o: (_, row) => reveal(row),
  n: (queue) => queue.news.show(),
  "/": (queue) => queue.search(),
  "?": (queue) => queue.keys.open(),
};

const MOVING = new Set(["j", "k", "J", "K"]);

function meaning(queue, event) {
  const row = queue.list.current();
  if (event.key === "Enter" && document.activeElement === row) return row.querySelector("[data-open]").click() ?? true;
  if (event.key === "Escape" && queue.list.selected().length) return queue.list.clear() ?? true;
  if (!areOn() || !Object.hasOwn(MEANINGS, event.key)) return false;
  if (event.repeat && !MOVING.has(event.key)) return true; // a key held down decides once
  return MEANINGS[event.key](queue, row);
}

export function listen(queue) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || event.target.closest?.(FIELD)) return;
    if (meaning(queue, event)) event.preventDefault();
  });
}
