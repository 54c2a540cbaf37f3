/** Makes the framed page small enough to be seen whole; without script the stage around it scrolls. */

const stage = document.querySelector(".preview__stage");
const frame = document.querySelector(".preview__frame");

function fit() {
  const style = getComputedStyle(stage);
  const room = stage.clientWidth - parseFloat(style.paddingInlineStart) - parseFloat(style.paddingInlineEnd);
  frame.style.zoom = "1";
  const wide = frame.offsetWidth;
  frame.style.zoom = String(Math.min(1, room / wide));
}

document.querySelector(".preview__widths").addEventListener("change", fit);
addEventListener("resize", fit);
fit();
