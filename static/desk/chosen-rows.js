/* Rows chosen by an editor: dragged or moved by buttons. Without this module the place is typed as a number. */

const rowsOf = (body) => [...body.querySelectorAll(":scope > tr.form-row:not(.empty-form)")];
const placeOf = (row) => row.querySelector("[data-place]");
const formIndex = (row) => Number(row.id.replace(/^.*-/, ""));
const nameOf = (row) => row.querySelector("select")?.selectedOptions[0]?.text ?? "";

/** Write each row's place as it stands; a row in which nothing is chosen has none. */
function number(body) {
  let place = 0;
  for (const row of rowsOf(body)) {
    const chosen = row.querySelector("select")?.value;
    placeOf(row).value = chosen ? String(++place) : "";
  }
}

function sortBy(body, key) {
  const rows = rowsOf(body).sort((a, b) => key(a) - key(b));
  const end = body.querySelector(":scope > tr.empty-form");
  for (const row of rows) body.insertBefore(row, end);
}

function move(body, row, step, group, status) {
  const rows = rowsOf(body);
  const target = rows[rows.indexOf(row) + step];
  if (!target) return;
  if (step < 0) target.before(row);
  else target.after(row);
  number(body);
  const words = group.dataset.moved.replace("%name", nameOf(row));
  status.textContent = words.replace("%place", String(rowsOf(body).indexOf(row) + 1));
}

function button(text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "chosen__move";
  made.textContent = text;
  made.setAttribute("aria-label", label);
  made.title = label;
  made.addEventListener("click", () => {
    act();
    made.focus();
  });
  return made;
}

function handle(row, group) {
  const made = document.createElement("span");
  made.className = "chosen__handle";
  made.title = group.dataset.drag;
  made.setAttribute("aria-hidden", "true");
  made.draggable = true;
  made.addEventListener("dragstart", (event) => {
    row.classList.add("chosen--dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(row, 0, 0);
  });
  made.addEventListener("dragend", () => row.classList.remove("chosen--dragged"));
  return made;
}

function equip(body, row, group, status) {
  const place = placeOf(row);
  if (!place || place.dataset.equipped) return;
  place.dataset.equipped = "yes";
  const bar = document.createElement("span");
  bar.className = "chosen__bar";
  bar.append(
    handle(row, group),
    button("↑", group.dataset.up, () => move(body, row, -1, group, status)),
    button("↓", group.dataset.down, () => move(body, row, 1, group, status)),
  );
  place.before(bar);
  const box = row.querySelector("td.delete input");
  if (box) {
    const words = document.createElement("label");
    words.className = "chosen__remove";
    words.htmlFor = box.id;
    words.textContent = group.dataset.remove;
    box.before(words);
  }
}

function drag(body) {
  body.addEventListener("dragover", (event) => {
    const dragged = body.querySelector(".chosen--dragged");
    const over = event.target.closest("tr.form-row:not(.empty-form)");
    if (!dragged || !over || over.parentElement !== body) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (over === dragged) return;
    if (event.clientY < box.top + box.height / 2) over.before(dragged);
    else over.after(dragged);
  });
  body.addEventListener("drop", (event) => {
    event.preventDefault();
    number(body);
  });
}

for (const group of document.querySelectorAll("[data-chosen]")) {
  const body = group.querySelector("tbody");
  if (!body || !group.querySelector("[data-place]")) continue;
  const status = document.createElement("p");
  status.className = "chosen__status";
  status.setAttribute("role", "status");
  group.append(status);
  group.classList.add("chosen-group--live");
  for (const row of rowsOf(body)) equip(body, row, group, status);
  drag(body);
  document.addEventListener("formset:added", (event) => {
    if (body.contains(event.target)) equip(body, event.target, group, status);
  });
  // Django numbers the forms anew by their order in the page when one is removed: give it the order it knows.
  group.addEventListener(
    "click",
    (event) => {
      if (!event.target.closest(".inline-deletelink")) return;
      number(body);
      sortBy(body, formIndex);
      setTimeout(() => sortBy(body, (row) => Number(placeOf(row).value) || Infinity));
    },
    true,
  );
  group.closest("form")?.addEventListener("submit", () => number(body));
}
