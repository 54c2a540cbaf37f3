/* After an address was confirmed: keeps the proof in this browser, only if its owner says so. */

const STORE = "newsroom-browser-key";
const holder = document.querySelector("[data-browser-key]");
const said = document.querySelector("[data-said]");
const box = holder?.querySelector("input");

function keep() {
  try {
    if (box.checked) localStorage.setItem(STORE, holder.dataset.browserKey);
    else localStorage.removeItem(STORE);
    said.textContent = box.checked ? said.dataset.kept : said.dataset.notKept;
  } catch {
    box.checked = false;
    said.textContent = said.dataset.impossible;
  }
}

if (box) {
  holder.hidden = false;
  box.addEventListener("change", keep);
}
