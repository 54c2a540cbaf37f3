/** Putting fresh parts into the page: whoever types or stands somewhere goes on doing so. */

const keyOf = (element) => element?.closest("[data-key]")?.dataset.key;
const byKey = (root, key) => (key ? root.querySelector(`[data-key="${CSS.escape(key)}"]`) : null);

/** Details that are open stay as they are, with what was typed, unless `closing` is the article they are about. */
function keepOpen(old, made, closing) {
  for (const open of old.querySelectorAll("details[data-more][open]")) {
    if (open.closest("[data-row]")?.dataset.row === closing) continue;
    const fresh = byKey(made, open.dataset.key);
    if (fresh) fresh.replaceWith(open);
  }
}

/** Where to be once a row is gone: with the article if it is still in that part, else on what took its place. */
function placeOf(root) {
  const row = document.activeElement?.closest?.("[data-row]");
  if (!row || !root.contains(row)) return null;
  const part = row.closest("[data-part]");
  return { part: part.dataset.part, row: row.dataset.row, at: [...part.querySelectorAll("[data-row]")].indexOf(row) };
}

function rowAt(root, place) {
  const rows = place ? [...root.querySelectorAll(`[data-part="${place.part}"] [data-row]`)] : [];
  return rows.find((row) => row.dataset.row === place.row) ?? rows[Math.min(place?.at ?? 0, rows.length - 1)] ?? null;
}

/** Replace the parts named in `parts` by their HTML, which our own templates made. */
export function renew(root, parts, { closing = "", focus = "" } = {}) {
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const selection = active?.matches("input[type=text], input[type=search]") ? [active.selectionStart, active.selectionEnd] : null;
  const [keys, place] = [[focus, keyOf(active), active?.closest("[data-row]")?.dataset.key], placeOf(root)];
  const inAPart = active?.closest("[data-part]");
  for (const [name, html] of Object.entries(parts)) {
    const old = root.querySelector(`[data-part="${name}"]`);
    if (!old) continue;
    const made = document.createElement("template");
    made.innerHTML = html;
    keepOpen(old, made.content, closing);
    old.replaceChildren(made.content);
  }
  if (!focus && (!inAPart || root.contains(document.activeElement) && document.activeElement === active && active.isConnected)) return;
  if (active?.isConnected && !focus) {
    active.focus({ preventScroll: true });
    if (selection) active.setSelectionRange(...selection);
    return;
  }
  const wanted = keys.map((key) => byKey(root, key)).find((found) => found && !found.disabled) ?? rowAt(root, place);
  wanted?.focus({ preventScroll: !focus });
}
