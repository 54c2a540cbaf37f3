/* Says, while a campaign is being planned, how many pages it changes. Without this module a button says it. */

const box = document.querySelector("[data-reach]");
const form = box?.closest("form");
const words = box?.querySelector("[data-reach-words]");
let asked = "";

function chosen() {
  const value = (name) => form.elements[name]?.value ?? "";
  return new URLSearchParams({ reach: value("reach"), section: value("section"), tag: value("tag"), target: value("target") });
}

async function count() {
  const mine = chosen().toString();
  if (mine === asked) return;
  asked = mine;
  const answer = await fetch(`${box.dataset.reach}?${mine}`, { headers: { Accept: "application/json" } });
  if (!answer.ok || mine !== asked) return;
  words.textContent = (await answer.json()).words || words.dataset.waiting;
}

function showReach() {
  for (const name of ["section", "tag"]) {
    const row = form.querySelector(`.field-${name}`);
    if (row) row.hidden = form.elements.reach.value !== name;
  }
}

function follow() {
  showReach();
  count().catch(() => {}); // the Preview button still answers
}

if (form?.elements.reach) {
  words.dataset.waiting = words.textContent.trim();
  for (const radio of form.elements.reach) radio.addEventListener("change", follow);
  for (const name of ["section", "tag", "target"]) window.django?.jQuery(form.elements[name]).on("change", follow); // select2 tells jQuery only
  follow();
}
