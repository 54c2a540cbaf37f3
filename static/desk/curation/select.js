/* A box that selects every row of its form. Without this module each row is ticked by itself, or “all shown” pressed. */

for (const form of document.querySelectorAll("[data-select-rows]")) {
  const rows = [...form.querySelectorAll("input[name=row]")];
  const bar = form.querySelector(".health__bulk");
  if (rows.length < 2 || !bar) continue;
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  label.className = "health__all";
  label.append(box, form.dataset.selectRows || "Select all");
  bar.prepend(label);
  box.addEventListener("change", () => rows.forEach((row) => { row.checked = box.checked; }));
  form.addEventListener("change", () => {
    const ticked = rows.filter((row) => row.checked).length;
    box.checked = ticked === rows.length;
    box.indeterminate = ticked > 0 && ticked < rows.length;
  });
}
