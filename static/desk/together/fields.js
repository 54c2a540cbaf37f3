/** What stands in the form, as pairs of names and values: what is sent when it is saved, without buttons and tokens. */

const NOT_TYPED = new Set(["csrfmiddlewaretoken", "base_revision", "window"]);

export function typed(form) {
  const apart = new Set([...form.querySelectorAll("[data-desk] [name]")].map((field) => field.name)); // saves by itself
  const pairs = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || name.startsWith("_") || name.includes("__prefix__") || NOT_TYPED.has(name) || apart.has(name)) continue;
    pairs.push([name, value]);
  }
  return pairs;
}
