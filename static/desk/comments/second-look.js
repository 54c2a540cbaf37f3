// Keys for the second look. They work only while the card has the focus (WCAG 2.1.4), which it is given once.

const card = document.querySelector("[data-look]");

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const button = card.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
}

if (card) {
  card.addEventListener("keydown", press);
  card.focus({ preventScroll: true });
}
