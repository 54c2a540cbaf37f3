/* Reports a comment without leaving the page: the form of the report's own page, shown in a dialog.
   Without this the link leads to that page. */

const LINK = "a[data-report]";

async function fetchForm(address) {
  const answer = await fetch(address, { credentials: "omit", headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("[data-report-form]");
  if (!form) throw new Error("no form");
  return { form: document.adoptNode(form), title: page.querySelector("h1").textContent };
}

function makeDialog(title, form, closing) {
  const dialog = document.createElement("dialog");
  dialog.className = "report-dialog";
  const heading = document.createElement("h2");
  heading.className = "own__title";
  heading.id = "report-title";
  heading.textContent = title;
  dialog.setAttribute("aria-labelledby", heading.id);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "report-dialog__close";
  close.setAttribute("aria-label", closing);
  close.textContent = "×";
  close.addEventListener("click", () => dialog.close());
  dialog.append(heading, close, form);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}

function showErrors(form, errors = {}) {
  const complaint = form.querySelector("#report-complaint_error");
  const text = form.querySelector("#report-text_error");
  for (const [place, words] of [[complaint, errors.complaint?.[0]], [text, errors.text?.[0]]]) {
    place.textContent = words ?? "";
    place.hidden = !words;
  }
  form.querySelector(".follow").classList.toggle("field--error", Boolean(errors.complaint));
}

async function send(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "application/json" },
    credentials: "omit",
  });
  const kind = answer.headers.get("Content-Type") ?? "";
  if (!kind.startsWith("application/json")) throw new Error(String(answer.status));
  return { ok: answer.ok, answer: await answer.json() };
}

function thank(dialog, form, words) {
  const thanks = document.createElement("p");
  thanks.className = "receipt receipt--done";
  thanks.setAttribute("role", "status");
  thanks.tabIndex = -1;
  thanks.textContent = words;
  form.replaceWith(thanks);
  thanks.focus();
}

function work(dialog, form) {
  const button = form.querySelector("button[type=submit]");
  const status = form.querySelector("[data-status]");
  form.noValidate = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    try {
      const { ok, answer } = await send(form);
      if (ok) {
        thank(dialog, form, answer.message);
        return;
      }
      if (answer.token) form.elements.token.value = answer.token;
      showErrors(form, answer.errors);
      status.className = "comment-form__status comment-form__status--error";
      status.textContent = answer.message;
      form.querySelector(answer.errors?.complaint ? "input[type=radio]" : "textarea").focus();
    } catch {
      form.submit(); // on the page of its own, which says what is amiss
    } finally {
      button.disabled = false;
    }
  });
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest(LINK);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
  event.preventDefault();
  try {
    const { form, title } = await fetchForm(link.href);
    const dialog = makeDialog(title, form, link.dataset.closing || "Close");
    document.body.append(dialog);
    dialog.addEventListener("close", () => link.focus());
    work(dialog, form);
    dialog.showModal();
    form.querySelector("input[type=radio]").focus();
  } catch {
    location.assign(link.href);
  }
});
