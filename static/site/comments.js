/* Leave a Reply: sends without leaving the page, moves the form to the comment being answered,
   and remembers name, email and website in this browser if asked to. The form works without it. */

const STORE = "newsroom-commenter";
const BROWSER_KEY = "newsroom-browser-key"; // kept by browser-key.js, if its reader agreed
const REMEMBERED = ["name", "email", "website"];

/** The stored name, email and website, or null. Storage may be forbidden or hold nonsense. */
function remembered() {
  try {
    const value = JSON.parse(localStorage.getItem(STORE));
    return value && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function remember(form) {
  const box = form.querySelector("#respond-remember");
  try {
    if (box.checked) {
      const values = REMEMBERED.map((name) => [name, form.elements[name].value]);
      localStorage.setItem(STORE, JSON.stringify(Object.fromEntries(values)));
    } else {
      localStorage.removeItem(STORE);
    }
  } catch {
    /* a browser that stores nothing remembers nothing */
  }
}

function offerToRemember(form) {
  form.querySelector("[data-remember]").hidden = false;
  const known = remembered();
  if (!known) return;
  form.querySelector("#respond-remember").checked = true;
  for (const name of REMEMBERED) {
    if (!form.elements[name].value && typeof known[name] === "string") form.elements[name].value = known[name];
  }
}

/** Sends along the key that proves whose the e-mail address is, where this browser keeps one. */
function showKey(form) {
  try {
    form.elements.browser_key.value = localStorage.getItem(BROWSER_KEY) ?? "";
  } catch {
    /* a browser that stores nothing proves nothing */
  }
}

/** Fetches a token once, when somebody starts to use the form; a failed try may be repeated. */
function tokenSource(form) {
  let pending = null;
  const fetchToken = async () => {
    const answer = await fetch(form.dataset.tokenUrl, { headers: { Accept: "application/json" }, credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).token;
  };
  return {
    get() {
      pending ??= fetchToken().catch((error) => {
        pending = null;
        throw error;
      });
      return pending;
    },
    replace(token) {
      pending = token ? Promise.resolve(token) : null;
    },
  };
}

function say(form, words, state) {
  const status = form.querySelector("[data-status]");
  status.className = `comment-form__status comment-form__status--${state}`;
  status.textContent = words;
  return status;
}

function showErrors(form, errors = {}) {
  let first = null;
  for (const field of form.querySelectorAll(".field")) {
    const input = field.querySelector("input, textarea");
    const message = field.querySelector(".field__error");
    const words = errors[input.name]?.[0] ?? "";
    message.textContent = words;
    message.hidden = !words;
    field.classList.toggle("field--error", Boolean(words));
    input.toggleAttribute("aria-invalid", Boolean(words));
    if (words) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", message.id);
      first ??= input;
    } else {
      input.removeAttribute("aria-describedby");
    }
  }
  first?.focus();
}

function showReceipt(form, answer, writeAnother) {
  const done = document.createElement("div");
  done.className = answer.published ? "receipt receipt--approved" : "receipt receipt--pending";
  done.setAttribute("role", "status");
  done.tabIndex = -1;
  const words = document.createElement("p");
  words.textContent = answer.message;
  const line = document.createElement("p");
  const link = document.createElement("a");
  link.href = answer.receipt;
  link.rel = "nofollow";
  link.textContent = form.dataset.receipt;
  line.append(link);
  const another = document.createElement("button");
  another.type = "button";
  another.className = "button button--quiet";
  another.textContent = form.dataset.another;
  another.addEventListener("click", writeAnother);
  done.append(words, line, another);
  form.hidden = true;
  form.before(done);
  done.focus();
  return done;
}

async function send(form, token) {
  const body = new URLSearchParams(new FormData(form));
  body.set("token", token);
  const answer = await fetch(form.action, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    credentials: "omit",
  });
  const kind = answer.headers.get("Content-Type") ?? "";
  if (!kind.startsWith("application/json")) throw new Error(String(answer.status));
  return { ok: answer.ok, answer: await answer.json() };
}

/** What is sent next is a comment of its own. */
function answerNobody(form, place) {
  form.elements.parent.value = "";
  const answering = place.querySelector("[data-answering]");
  if (answering) answering.hidden = true;
}

function start(form) {
  const tokens = tokenSource(form);
  const button = form.querySelector("button[type=submit]");
  const place = form.closest("[data-respond]");
  let done = null;

  /** Shows the form again after a comment was sent. */
  const reopen = () => {
    done?.remove();
    done = null;
    form.hidden = false;
  };
  const control = { place, reopen, goHome: () => answerNobody(form, place) };
  const writeAnother = () => {
    reopen();
    control.goHome();
    form.elements.text.focus();
  };

  offerToRemember(form);
  showKey(form);
  form.addEventListener("focusin", () => tokens.get().catch(() => {}));

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    say(form, form.dataset.sending, "sending");
    remember(form);
    try {
      const result = await send(form, await tokens.get());
      tokens.replace(result.answer.token);
      showErrors(form, result.answer.errors);
      if (result.ok) {
        say(form, "", "idle");
        form.elements.text.value = "";
        done = showReceipt(form, result.answer, writeAnother);
      } else {
        if (result.answer.errors?.__all__) answerNobody(form, place);
        say(form, result.answer.message, "error");
      }
    } catch {
      say(form, form.dataset.offline, "error");
    } finally {
      button.disabled = false;
    }
  });

  return control;
}

/** Lets the form follow the reader to the comment they answer, and back. */
function followReplies(form, section, control) {
  const home = document.createComment("the form's own place");
  const answering = control.place.querySelector("[data-answering]");
  control.place.before(home);

  const goHome = () => {
    form.elements.parent.value = "";
    answering.hidden = true;
    home.after(control.place);
  };
  control.goHome = goHome;

  section.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reply-to]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    control.reopen();
    form.elements.parent.value = link.dataset.replyTo;
    answering.querySelector("[data-answering-name]").textContent = link.dataset.replyName;
    answering.hidden = false;
    link.closest(".comment").after(control.place);
    form.elements.text.focus();
  });

  answering.querySelector("[data-cancel-reply]").addEventListener("click", () => {
    const answered = form.elements.parent.value;
    goHome();
    section.querySelector(`[data-reply-to="${CSS.escape(answered)}"]`)?.focus();
  });

  return goHome;
}

/** Turns pages and changes the order in place; the links work without it, and when anything goes wrong. */
function turnPages(section, bringFormHome) {
  const turn = async (link) => {
    const thread = section.querySelector("[data-thread]");
    thread.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href, { credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-thread]");
      bringFormHome();
      thread.replaceWith(document.adoptNode(fresh));
      document.dispatchEvent(new CustomEvent("newsroom:times"));
      section.querySelector("#comments-title").focus();
      section.scrollIntoView();
    } catch {
      location.assign(link.href);
    }
  };
  section.addEventListener("click", (event) => {
    const link = event.target.closest("[data-thread-link]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    turn(link);
  });
}

for (const form of document.querySelectorAll("[data-comment-form]")) {
  const control = start(form);
  const section = form.closest(".comments");
  if (section) turnPages(section, followReplies(form, section, control));
}
