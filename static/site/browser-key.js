/* On the page behind a confirmation link: keeps the key that proves whose the e-mail address is, if its reader agrees. */

const STORE = "newsroom-browser-key";

for (const place of document.querySelectorAll("[data-browser-key]")) {
  const button = place.querySelector("button");
  const said = place.querySelector("[role=status]");
  place.hidden = false;
  button.addEventListener("click", () => {
    try {
      localStorage.setItem(STORE, place.dataset.browserKey);
      said.textContent = place.dataset.kept;
      button.disabled = true;
    } catch {
      said.textContent = place.dataset.failed;
    }
  });
}
