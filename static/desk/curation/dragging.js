/** Dragging with the mouse: picks into another order, anything else into the list. Buttons and keys do the same. */

const rowsIn = (list) => [...list.querySelectorAll(":scope > [data-row]")];

/** The row of the list before which the pointer is; `null` behind the last. */
function rowBelow(list, y, dragged) {
  return rowsIn(list).find((row) => {
    const box = row.getBoundingClientRect();
    return row !== dragged && y < box.top + box.height / 2;
  }) ?? null;
}

/** `drop(row, before)` is called with what was dragged and the row it was dropped before. */
export function listen(root, drop) {
  let dragged = null;
  const clear = () => root.querySelectorAll(".slot--over, .slots--over").forEach((element) => element.classList.remove("slot--over", "slots--over"));
  const listAt = (target) => target.closest?.("[data-part=list]")?.querySelector("[data-slots]");

  root.addEventListener("dragstart", (event) => {
    const handle = event.target.closest?.("[data-handle]");
    if (!handle) return;
    dragged = handle.closest("[data-row]");
    dragged.classList.add("slot--dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(dragged, 12, 12);
  });
  root.addEventListener("dragend", () => {
    dragged?.classList.remove("slot--dragged");
    dragged = null;
    clear();
  });
  root.addEventListener("dragover", (event) => {
    const list = dragged && listAt(event.target);
    clear();
    if (!list) return;
    event.preventDefault();
    (rowBelow(list, event.clientY, dragged) ?? list).classList.add(rowBelow(list, event.clientY, dragged) ? "slot--over" : "slots--over");
  });
  root.addEventListener("drop", (event) => {
    const list = dragged && listAt(event.target);
    if (!list) return;
    event.preventDefault();
    drop(dragged, rowBelow(list, event.clientY, dragged));
  });
}
