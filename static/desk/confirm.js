/* Asks before what readers would notice at once. Without this module the button simply does it; Reopen takes it back. */

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
});
