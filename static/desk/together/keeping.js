/** Asking the form's strip to keep what was typed, now: for modules that have the server look at it. */

const EVENT = "desk:keep";

/** Whether the server has what stands in the form; true where nothing is kept because nothing can be typed. */
export async function keepNow(form) {
  const detail = { kept: true };
  form?.dispatchEvent(new CustomEvent(EVENT, { detail }));
  return detail.kept;
}

export function answerKeeping(form, keep) {
  form.addEventListener(EVENT, (event) => (event.detail.kept = keep()));
}
