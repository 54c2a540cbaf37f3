/** Single keys at the desk. They can be switched off, never fire in a field, and never with Ctrl or Meta. */

const STORED = "newsroom.desk.keys";
const FIELD = "input, textarea, select, [contenteditable]:not([contenteditable=false])";

export function areOn() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}

export function turn(on) {
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    // It holds for this page at least.
  }
}

const rowsOf = (root) => [...root.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);

function step(root, by) {
  const rows = rowsOf(root);
  const at = rows.indexOf(document.activeElement?.closest?.("[data-row]"));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

const button = (row, act) => row?.querySelector(`.slot__acts [data-act="${act}"]`);
const press = (found) => (found && !found.disabled ? (found.click(), true) : false);

function reveal(row) {
  const more = row?.querySelector("[data-more]");
  if (!more) return false;
  more.open = !more.open;
  if (more.open) more.querySelector("[data-field]")?.focus();
  return true;
}

const PLAIN = {
  j: (desk) => step(desk.root, 1),
  k: (desk) => step(desk.root, -1),
  p: (_, row) => press(button(row, "picks") ?? button(row, "removals")),
  n: (_, row) => press(button(row, "exclusions")),
  u: (desk) => desk.undo(),
  "/": (desk) => desk.search(),
  "?": (desk) => desk.help(),
};

const move = (row, key) => press(row?.querySelector(`[data-act="order"][name="${key === "ArrowUp" ? "up" : "down"}"]`));

/** What a key does; `true` when it did something. Letters and `/` only where they are switched on. */
function meaning(desk, event) {
  const row = document.activeElement?.closest?.("[data-row]");
  const arrow = event.key === "ArrowUp" || event.key === "ArrowDown";
  if (arrow && (event.altKey || event.shiftKey)) return row && desk.root.contains(row) ? move(row, event.key) : false;
  if (event.altKey) return false;
  const onRow = row && document.activeElement === row && desk.root.contains(row);
  if (arrow) return onRow && step(desk.root, event.key === "ArrowUp" ? -1 : 1);
  if (event.key === "Enter") return onRow && reveal(row);
  if (!areOn() || !Object.hasOwn(PLAIN, event.key)) return false;
  return PLAIN[event.key](desk, row && desk.root.contains(row) ? row : null);
}

/** On its own page the whole document listens; a panel only while somebody is in it. */
export function listen(desk) {
  const place = desk.isPanel ? desk.root : document;
  place.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.(FIELD)) return;
    if (meaning(desk, event)) event.preventDefault();
  });
}
