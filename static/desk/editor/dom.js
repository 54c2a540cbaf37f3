/** Making elements: attributes as an object, handlers as `on…`, children as the rest. */

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the sprite at `icons`, by its name there. */
export function icon(icons, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "story-icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${icons}#${name}`);
  svg.append(use);
  return svg;
}

/** A button that shows an icon and says `label` to everybody else. */
export function iconButton(desk, name, label, onclick, attributes = {}) {
  return element(
    "button",
    { type: "button", class: "story-tool", title: label, "aria-label": label, onclick, ...attributes },
    icon(desk.icons, name),
  );
}

/** `text` with `{name}` filled in. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Calls `action` once nobody has called for `milliseconds`. */
export function afterPause(action, milliseconds = 250) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...given), milliseconds);
  };
}
