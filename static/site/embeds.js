/** Opens a provider's frame in its card, and only when the reader asks for it. */

for (const card of document.querySelectorAll("[data-embed-src]")) {
  const play = document.createElement("button");
  play.type = "button";
  play.className = "embed__play";
  play.textContent = card.dataset.embedPlay;
  play.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.className = "embed__frame";
    frame.src = card.dataset.embedSrc;
    frame.title = card.querySelector(".embed-title").textContent;
    frame.allow = "fullscreen; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    play.replaceWith(frame);
    frame.focus();
  });
  card.append(play);
}
