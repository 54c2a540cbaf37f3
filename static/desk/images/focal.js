// The focal point: a click or the arrow keys move it; the crops follow at once. The number fields stay the truth.

const STEP = 1;
const BIG_STEP = 10;
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PROPORTIONS = { "3:2": 3 / 2, "1:1": 1, "1.91:1": 1200 / 630 };

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

// CSS aligns a point of the picture with the same point of the box; we centre the box on the focal point instead.
function position(focal, side, shown) {
  if (side - shown < 0.5) return 50;
  return (clamp(focal * side - shown / 2, 0, side - shown) / (side - shown)) * 100;
}

class Focal {
  constructor(panel) {
    this.panel = panel;
    this.stage = panel.querySelector("[data-focal-stage]");
    this.picture = panel.querySelector("[data-focal-picture]");
    this.mark = panel.querySelector("[data-focal-mark]");
    this.status = panel.querySelector("[data-focal-status]");
    this.left = panel.querySelector("[name=focal_left]");
    this.top = panel.querySelector("[name=focal_top]");
  }

  start() {
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute("aria-label", this.stage.dataset.label);
    this.stage.addEventListener("click", (event) => this.click(event));
    this.stage.addEventListener("keydown", (event) => this.key(event));
    for (const input of [this.left, this.top]) input.addEventListener("input", () => this.draw(true));
    this.draw(false);
    this.mark.hidden = false;
  }

  get x() { return clamp(Number.parseFloat(this.left.value) || 0, 0, 100); }
  get y() { return clamp(Number.parseFloat(this.top.value) || 0, 0, 100); }

  move(x, y) {
    this.left.value = Math.round(clamp(x, 0, 100) * 10) / 10;
    this.top.value = Math.round(clamp(y, 0, 100) * 10) / 10;
    this.draw(true);
  }

  click(event) {
    const box = this.picture.getBoundingClientRect();
    this.move(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  }

  key(event) {
    const direction = DIRECTIONS[event.key];
    if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const step = event.shiftKey ? BIG_STEP : STEP;
    this.move(this.x + direction[0] * step, this.y + direction[1] * step);
  }

  draw(moved) {
    this.mark.style.left = `${this.x}%`;
    this.mark.style.top = `${this.y}%`;
    if (!moved) return;
    const words = this.panel.dataset.words;
    this.status.textContent = words.replace("{left}", Math.round(this.x)).replace("{top}", Math.round(this.y));
    for (const crop of this.panel.querySelectorAll("[data-focal-crop]")) this.cut(crop);
  }

  cut(crop) {
    const image = crop.querySelector("img");
    const width = Number(this.picture.getAttribute("width"));
    const height = Number(this.picture.getAttribute("height"));
    const proportion = PROPORTIONS[crop.dataset.focalCrop];
    const across = position(this.x / 100, width, Math.min(width, height * proportion));
    const down = position(this.y / 100, height, Math.min(height, width / proportion));
    if (image.src !== this.picture.src) image.src = this.picture.src;
    image.style.objectPosition = `${across}% ${down}%`;
  }
}

for (const panel of document.querySelectorAll("[data-focal]")) {
  if (panel.querySelector("[name=focal_left]")) new Focal(panel).start();
}
