/** The calendar: entries move by pointer or by key; what was moved can be taken back. Without it each has a page. */

const DAY = 24 * 60 * 60 * 1000;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

const root = document.querySelector("[data-calendar]");
const toast = root.querySelector("[data-toast]");
const parts = () => root.querySelector("[data-parts]");

function say(words, { failed = false, undo = null } = {}) {
  toast.classList.toggle("cal__toast--failed", failed);
  toast.replaceChildren(Object.assign(document.createElement("span"), { textContent: words }));
  if (!undo) return;
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: root.dataset.undo });
  button.addEventListener("click", undo);
  toast.append(button);
}

/** POST; the answer's JSON, or a problem in words. */
async function send(url, values) {
  const headers = { Accept: "application/json", "X-CSRFToken": root.dataset.token };
  try {
    const response = await fetch(url, { method: "POST", body: new URLSearchParams(values), headers });
    return await response.json();
  } catch {
    return { problem: root.dataset.failed };
  }
}

/** Show what the server has now, and keep the focus on the entry that moved. */
async function refresh(key) {
  parts().setAttribute("aria-busy", "true");
  try {
    const text = await (await fetch(location.href)).text();
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-parts]");
    if (fresh) parts().replaceWith(fresh);
  } finally {
    parts().removeAttribute("aria-busy");
  }
  root.querySelector(`[data-key="${key}"] [data-move]`)?.focus();
}

async function move(entry, values) {
  const { url, key, change, seen } = entry;
  say(root.dataset.moving);
  const answer = await send(url, { ...values, seen, change });
  await refresh(key);
  if (answer.problem) return say(answer.problem, { failed: true });
  const now = { url, key, seen: answer.seen, change: answer.change || "" };
  say(answer.done, { undo: answer.back ? () => move(now, { when: answer.back }) : null });
}

const toDay = (element, day) => move({ ...element.dataset }, { day });

/** The day `steps` after the one that holds the element, as the server writes days. */
function dayAfter(element, steps) {
  const here = element.closest("[data-day]").dataset.day;
  return new Date(Date.parse(`${here}T00:00Z`) + steps * DAY).toISOString().slice(0, 10);
}

let dragged = null;
const clear = () => root.querySelectorAll(".cal__day--over").forEach((day) => day.classList.remove("cal__day--over"));

root.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-entry]") ?? null;
  if (!dragged) return;
  dragged.classList.add("cal-entry--dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.key);
});
root.addEventListener("dragend", () => {
  dragged?.classList.remove("cal-entry--dragged");
  dragged = null;
  clear();
});
root.addEventListener("dragover", (event) => {
  const day = dragged && event.target.closest?.("[data-day]");
  clear();
  if (!day) return;
  event.preventDefault();
  day.classList.add("cal__day--over");
});
root.addEventListener("drop", (event) => {
  const day = dragged && event.target.closest?.("[data-day]");
  if (!day) return;
  event.preventDefault();
  if (day !== dragged.closest("[data-day]")) toDay(dragged, day.dataset.day);
});
root.addEventListener("keydown", (event) => {
  const steps = STEPS[event.key];
  const entry = event.altKey && steps && event.target.closest?.("[data-move]")?.closest("[data-entry]");
  if (!entry) return;
  event.preventDefault();
  toDay(entry, dayAfter(entry, steps));
});
