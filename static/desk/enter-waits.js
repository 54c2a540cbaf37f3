/*
 * Enter in a field that searches as one types (select2) picks from the answer to what stands there, never from an
 * older list: pressed before that answer came it waits for it, and says so. Typing on, another key, or closing ends the wait.
 */

const $ = window.django?.jQuery;
const followed = new WeakSet();
const status = document.createElement("span");
let waiting = null;

status.className = "visually-hidden";
status.setAttribute("role", "status");

function open() {
  return $("select.select2-hidden-accessible").get().map((select) => $(select).data("select2")).find((box) => box?.isOpen());
}

function stop() {
  waiting = null;
  status.textContent = "";
}

function answered(box) {
  if (waiting !== box) return;
  stop();
  box.trigger("results:select", {});
}

/** Follow a box once: select2's own listeners came before, and have marked the entry that Enter picks. */
function follow(box) {
  if (followed.has(box)) return;
  followed.add(box);
  box.on("results:all", () => answered(box));
  for (const end of ["query", "results:message", "close"]) box.on(end, stop);
}

function pressed(event) {
  if (!event.target.matches?.(".select2-search__field") || event.isComposing) return;
  if (event.key !== "Enter") return stop();
  const box = open();
  const told = box?.results.$results.find(".loading-results")[0];
  if (!told) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.repeat || !event.target.value.trim()) return;
  follow(box);
  waiting = box;
  status.textContent = told.textContent;
}

if ($) {
  document.body.append(status);
  document.addEventListener("keydown", pressed, { capture: true });
}
