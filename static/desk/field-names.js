/* Names the fields that Django's admin leaves nameless: autocompletes, fields in tables, the two halves of a moment. */

let numbered = 0;

function columnOf(field) {
  if (field.closest("td.delete")) return field.closest("table").querySelector("thead th:last-child");
  const name = [...(field.closest("td")?.classList ?? [])].find((word) => word.startsWith("field-"));
  return name && field.closest("table").querySelector(`thead th.column-${name.slice("field-".length)}`);
}

function idOf(element) {
  element.id ||= `name-${++numbered}`;
  return element.id;
}

/** select2's combobox has the name of its select, and the chosen thing as its value. */
function nameChoice(chosen) {
  const select = chosen.closest(".select2").previousElementSibling;
  const name = select.labels?.[0] ?? columnOf(select);
  const value = chosen.querySelector(".select2-selection__rendered");
  value.removeAttribute("role"); // a "textbox" within the combobox, which nobody can enter
  value.removeAttribute("aria-readonly");
  if (name) chosen.setAttribute("aria-labelledby", `${idOf(name)} ${value.id}`);
}

/** Where several are chosen, select2 has a field to type into, which needs a name of its own. */
function nameSearch(field) {
  const select = field.closest(".select2").previousElementSibling;
  field.ariaLabel = select.labels?.[0]?.textContent.replace(/:\s*$/, "").trim() ?? "";
}

function isNamed(field) {
  const seen = [...(field.labels ?? [])].some((label) => label.getClientRects().length);
  return seen || Boolean(field.ariaLabel);
}

function nameCell(field) {
  const column = columnOf(field);
  if (column && !isNamed(field)) field.setAttribute("aria-labelledby", idOf(column));
}

function nameHalf(field) {
  if (!isNamed(field)) field.ariaLabel = field.previousSibling?.textContent.trim() ?? "";
}

function nameAll() {
  for (const chosen of document.querySelectorAll("select.admin-autocomplete + .select2 [role='combobox']")) nameChoice(chosen);
  for (const field of document.querySelectorAll(".select2-selection--multiple .select2-search__field")) nameSearch(field);
  for (const field of document.querySelectorAll("td :is(input:not([type='hidden']), select, textarea)")) nameCell(field);
  for (const field of document.querySelectorAll(".datetime input")) nameHalf(field);
}

const afterSelect2 = () => setTimeout(nameAll);
if (window.django?.jQuery) window.django.jQuery(afterSelect2);
else nameAll();
document.addEventListener("formset:added", afterSelect2);
