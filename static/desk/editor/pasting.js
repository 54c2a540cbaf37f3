/** Pasted text goes through the server's own cleaner, which knows Word and Google Docs; then into the story. */

import { insertFigure } from "./figures.js";
import { send } from "./server.js";

export class Pasting {
  constructor(desk, textarea) {
    Object.assign(this, { desk, textarea, editor: null, letThrough: false });
  }

  /** ProseMirror's hook: true when we take care of it. */
  handle(event) {
    if (this.letThrough) return false;
    const data = event.clipboardData;
    const html = data.getData("text/html");
    if (html && !html.includes("data-pm-slice")) {
      this.clean(html, event);
      return true;
    }
    if (!html && data.files.length) {
      this.desk.say(this.desk.words.imagesOnly);
      return true;
    }
    return !html && this.embed(data.getData("text/plain").trim());
  }

  async clean(html, event) {
    try {
      const cleaned = await send(this.desk.clean, { html }, this.textarea.form);
      this.put(cleaned.html);
    } catch (problem) {
      this.put(html);
      this.desk.say(problem.message || this.desk.words.pasteFailed);
    }
  }

  put(html) {
    this.letThrough = true;
    try {
      this.editor.view.pasteHTML(html);
    } finally {
      this.letThrough = false;
    }
  }

  /** A known provider's address alone in an empty paragraph becomes a card. */
  embed(text) {
    const { selection } = this.editor.state;
    if (!/^https?:\/\/\S+$/.test(text) || !selection.empty || selection.$from.parent.content.size) return false;
    if (selection.$from.depth !== 1) return false;
    const host = URL.canParse(text) ? new URL(text).hostname.replace(/^(www|m)\./, "") : "";
    if (!this.desk.embedHosts.includes(host)) return false;
    insertFigure(this.editor, "embed", { embed: text, title: "" });
    return true;
  }
}
