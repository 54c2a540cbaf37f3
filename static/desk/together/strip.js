/**
 * Keeps what is typed into the article's form, in this browser and on the server, and tells who else is here.
 * Without this module the strip says who had the form open when it was loaded, and what can be restored.
 */

import { all, drop, forgetWindow, put } from "./browser-copies.js";
import { typed } from "./fields.js";
import { answerKeeping } from "./keeping.js";
import { offer } from "./offers.js";
import { leave, post } from "./server.js";

const BEAT = 15_000; // a colleague is gone forty seconds after their last
const QUIET = 3_000; // of no typing, before the server is told
const LONGEST = 5_000; // of typing without a pause
const AT_HAND = 400; // before this browser keeps it

class Desk {
  constructor(strip) {
    this.strip = strip;
    this.words = strip.dataset;
    this.form = strip.closest("form");
    this.language = document.documentElement.lang || "en";
    this.keepUrl = this.words.keep;
    this.beatUrl = this.words.beat;
    this.place = { user: this.words.user, article: this.words.article, window: this.words.window };
    this.base = this.words.base;
    this.outcome = "";
    this.typedSince = false;
    this.settle();
    if (this.beatUrl) this.startBeating();
    if (this.keepUrl) this.startKeeping();
  }

  /** The address says that a window's words are saved or thrown away: they need no keeping. Then it forgets. */
  settle() {
    const address = new URL(location.href);
    const settled = address.searchParams.get("settled");
    if (!settled) return;
    forgetWindow(this.words.user, settled);
    address.searchParams.delete("settled");
    history.replaceState(history.state, "", address);
  }

  // Who is here

  startBeating() {
    this.beat();
    setInterval(() => document.visibilityState === "visible" && this.beat(), BEAT);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.beat());
    addEventListener("pageshow", (event) => event.persisted && this.beat());
    addEventListener("pagehide", () => leave(this.form, this.beatUrl, [["window", this.words.window], ["leaving", "1"]]));
  }

  async beat() {
    const pairs = [["window", this.words.window], ...(this.typedSince ? [["typed", "1"]] : [])];
    this.typedSince = false;
    const answer = await post(this.form, this.beatUrl, pairs, this.beatUrl);
    if (answer.outcome === "out") this.tell("out");
    if (answer.here !== undefined) this.show("here", answer.here);
    this.look(answer);
  }

  /** Somebody saved since this form was opened? */
  look(answer) {
    if (!answer.newer || String(answer.number) === this.base) return;
    const note = this.strip.querySelector("[data-newer]");
    note.hidden = false;
    if (!note.querySelector("button")) note.append(this.besideButton());
    this.show("newer-words", answer.newer);
  }

  /** Saving is what leads to both versions. No submit button: as the form's first it would be what Enter presses. */
  besideButton() {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = this.words.wordBeside;
    made.addEventListener("click", () => this.form.requestSubmit(document.querySelector(".article-buttons [name=_continue]")));
    return made;
  }

  show(name, words) {
    const shown = this.strip.querySelector(`[data-${name}]`);
    if (shown.textContent === words) return;
    shown.textContent = words;
    shown.hidden = !words;
    this.say(words);
  }

  say(words) {
    this.strip.querySelector("[data-said]").textContent = words;
  }

  // What was typed

  startKeeping() {
    this.state = document.createElement("span");
    this.state.className = "together__state";
    (document.querySelector(".article-buttons__note") ?? this.strip).after(this.state);
    const fields = typed(this.form);
    this.loaded = JSON.stringify(fields);
    this.kept = this.here = this.loaded;
    if (document.querySelector(".errornote, .errorlist")) this.kept = this.here = "";
    this.offerBack(fields);
    for (const event of ["input", "change", "click", "keyup"]) this.form.addEventListener(event, () => this.changed());
    window.django?.jQuery(this.form).on("change", () => this.changed()); // select2 tells jQuery only
    for (const event of ["pagehide", "submit"]) addEventListener(event, () => this.keepHere(), true);
    addEventListener("online", () => this.changed());
    answerKeeping(this.form, () => this.keepNow());
    addEventListener("beforeunload", (event) => this.ask(event));
    this.form.addEventListener("submit", () => (this.leaving = true));
    addEventListener("pageshow", () => (this.leaving = false));
  }

  offerBack(fields) {
    const shown = new Map(fields);
    const offered = new Set([...this.strip.querySelectorAll("[data-offer]")].map((note) => note.dataset.offer));
    for (const copy of all(this.place)) {
      const same = copy.pairs.every(([name, value]) => (shown.get(name) ?? "") === value);
      if (same && copy.window !== this.words.window) drop(copy);
      if (same || copy.window === this.words.window) continue;
      if (offered.has(copy.window)) {
        const note = this.strip.querySelector(`[data-offer="${copy.window}"]`);
        if (new Date(note.dataset.kept) >= copy.when - 1000) continue;
        note.hidden = true; // the browser's is the newer one, and takes its place
      }
      this.strip.append(offer(this, copy));
    }
  }

  changed() {
    this.deadline ??= Date.now() + LONGEST;
    clearTimeout(this.soon);
    clearTimeout(this.waiting);
    this.soon = setTimeout(() => this.keepHere(), AT_HAND);
    this.waiting = setTimeout(() => this.keep(), Math.max(0, Math.min(QUIET, this.deadline - Date.now())));
  }

  /** In this browser, at once. */
  keepHere() {
    const pairs = typed(this.form);
    const now = JSON.stringify(pairs);
    if (now === this.here) return;
    this.typedSince = true;
    this.inBrowser = put(this.place, this.base, pairs);
    this.here = this.inBrowser ? now : this.here;
    this.state.textContent ||= this.words.wordKeeping;
  }

  /** On the server, every few seconds of work, until somebody saves a newer version. */
  async keep() {
    this.deadline = undefined;
    this.keepHere();
    const pairs = typed(this.form);
    const now = JSON.stringify(pairs);
    if (now === this.kept || this.sending || this.outcome === "newer") {
      if (this.outcome === "newer" && now !== this.kept) this.tell("newer");
      return;
    }
    const base = this.base ? [["base_revision", this.base]] : [];
    this.sending = post(this.form, this.keepUrl, [...pairs, ["window", this.words.window], ...base], this.beatUrl);
    const answer = await this.sending;
    this.sending = undefined;
    if (answer.outcome === "kept") this.kept = now;
    this.tell(answer.outcome ?? "refused", answer);
    this.look(answer);
    if (answer.outcome === "gone") setTimeout(() => this.changed(), LONGEST);
  }

  /** At once, for whoever looks at the words on the server; whether it has them as they stand in the form. */
  async keepNow() {
    await this.sending;
    await this.keep();
    return JSON.stringify(typed(this.form)) === this.kept;
  }

  tell(outcome, answer = {}) {
    const words = { kept: "wordKept", newer: "wordPaused", elsewhere: "wordElsewhere", out: "wordOut" }[outcome] ?? "wordHere";
    const clock = answer.when && outcome === "kept" ? answer.when : new Date().toLocaleTimeString(this.language, { hour12: false });
    const lost = outcome !== "kept" && this.inBrowser === false;
    const text = answer.error ?? (lost ? this.words.wordNowhere : this.words[words].replace("%time", clock));
    this.state.textContent = text;
    this.state.classList.toggle("together__state--warn", outcome !== "kept");
    if (outcome === "out") this.state.append(" ", this.door());
    if (outcome !== this.outcome && outcome !== "kept") this.say(text);
    this.outcome = outcome;
  }

  door() {
    const link = document.createElement("a");
    link.href = this.words.signIn;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = this.words.wordSignin;
    return link;
  }

  /** Only what neither the server nor this browser holds is worth a question. */
  ask(event) {
    if (this.leaving) return;
    this.keepHere();
    const now = JSON.stringify(typed(this.form));
    if (now !== this.loaded && now !== this.kept && now !== this.here) event.preventDefault();
  }
}

const strip = document.querySelector("[data-together]");
if (strip?.closest("form")) addEventListener("load", () => new Desk(strip));
