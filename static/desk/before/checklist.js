/* The checklist on the article's form: what stands in the form is looked through again on a click, its lines lead to
   their fields, and a line is waived in a dialog. Without this module each of these is a link to a page. */

import { keepNow } from "../together/keeping.js";

const PANELS = ["checklist", "outcomes"];
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
const panel = () => document.getElementById("checklist");

/** What a person works with in place of the field with this id: the rich text, or the box of a searching select. */
function standIn(field) {
  const row = field.closest(".form-row") ?? field;
  if (field.matches("select.select2-hidden-accessible")) return row.querySelector(".select2-selection");
  if (field.matches("[data-story-editor]")) return row.querySelector("[contenteditable=true]");
  if (field.matches("[data-tags]") && field.type === "hidden") return row.querySelector("input:not([type=hidden])");
  return null;
}

function focusOn(id) {
  const field = document.getElementById(id) ?? document.getElementById(`${id}_0`);
  if (!field) return false;
  field.closest("details")?.setAttribute("open", "");
  const target = standIn(field) ?? field;
  if (!target.matches("a, button, input, select, textarea, [tabindex], [contenteditable]")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
  return true;
}

function say(words) {
  const status = panel().querySelector("[role=status]");
  const said = document.createElement("span");
  said.textContent = words;
  status.replaceChildren(said);
}

/** A live region tells only what comes into it after it is there. */
function tell(status) {
  const words = [...status.childNodes];
  status.replaceChildren();
  setTimeout(() => status.replaceChildren(...words), 150);
}

function put(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const open = document.querySelector("#outcomes details")?.open ?? false;
  for (const id of PANELS) {
    const fresh = parsed.getElementById(id);
    const stale = document.getElementById(id);
    if (fresh && stale) stale.replaceWith(fresh);
    else stale?.toggleAttribute("hidden", true);
  }
  document.querySelector("#outcomes details")?.toggleAttribute("open", open);
}

async function again(focus) {
  const here = panel();
  here.setAttribute("aria-busy", "true");
  try {
    const form = here.closest("form");
    const kept = await keepNow(form);
    const address = new URL(here.dataset.checklist, location.href);
    if (kept) address.searchParams.set("window", form.elements.window?.value ?? "");
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    put(await answer.text());
    if (!kept) panel().querySelector("[data-of]").textContent = here.dataset.unkept;
    panel().querySelectorAll("[role=status]").forEach(tell);
  } catch {
    say(here.dataset.failed);
  }
  panel().removeAttribute("aria-busy");
  if (focus) panel().querySelector("[data-again]").focus();
}

async function send(address, values) {
  const body = new URLSearchParams(values);
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  try {
    const answer = await fetch(address, { method: "POST", body, headers });
    const told = await answer.json();
    return answer.ok ? "" : told.error;
  } catch {
    return panel().dataset.failed;
  }
}

function ask(line) {
  const made = panel().querySelector("[data-waive-dialog]").content.cloneNode(true);
  const dialog = made.querySelector("dialog");
  dialog.querySelector("[data-line]").textContent = line.querySelector("[data-words]").textContent;
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = dialog.querySelector("textarea").value;
    const problem = await send(panel().dataset.waiver, { code: line.dataset.code, reason });
    dialog.querySelector("[role=alert]").textContent = problem;
    if (problem) return;
    dialog.close();
    again(true);
  });
  document.body.append(made);
  dialog.showModal();
}

async function withdraw(line) {
  const problem = await send(panel().dataset.withdrawal, { code: line.dataset.code });
  if (problem) say(problem);
  else again(true);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#checklist a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const line = link.closest("[data-code]");
  if ("again" in link.dataset) again(true);
  else if ("waive" in link.dataset) ask(line);
  else if ("withdraw" in link.dataset) withdraw(line);
  else if (!("focus" in link.dataset) || !focusOn(link.dataset.focus)) return;
  event.preventDefault();
});
