/**
 * Text pasted or dropped in goes through the server's own cleaner, which knows Word and Google Docs.
 *
 * Foreign HTML is never given to this page's parser: its inline styles and
 * handlers would each be a violation of our Content-Security-Policy.
 */

import { insertFigure } from "./figures.js";
import { send } from "./server.js";

/** What this editor itself copied. */
function isOurs(html) {
  return html.includes("data-pm-slice") && !/<(?:style|script|img|iframe|svg)|\s(?:style|on\w+)\s*=/i.test(html);
}

export class Pasting {
  constructor(desk, textarea) {
    Object.assign(this, { desk, textarea, editor: null });
  }

  /** For ProseMirror's `handleDOMEvents`: true when we take care of the event. */
  get handlers() {
    return {
      paste: (view, event) => this.take(event, event.clipboardData),
      drop: (view, event) => this.drop(view, event),
    };
  }

  drop(view, event) {
    if (view.dragging || !event.dataTransfer?.getData("text/html")) return false;
    const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
    if (place) this.editor.commands.setTextSelection(place.pos);
    return this.take(event, event.dataTransfer);
  }

  take(event, data) {
    if (!data) return false;
    const html = data.getData("text/html");
    const text = data.getData("text/plain");
    const taken = html ? !isOurs(html) && this.clean(html, text) : this.takePlain(text.trim(), data);
    if (taken) event.preventDefault();
    return taken;
  }

  takePlain(text, data) {
    if (!text && data.files.length) {
      this.desk.say(this.desk.words.imagesOnly);
      return true;
    }
    return this.embed(text);
  }

  clean(html, text) {
    send(this.desk.clean, { html }, this.textarea.form).then(
      (cleaned) => this.editor.view.pasteHTML(cleaned.html),
      (problem) => {
        this.editor.view.pasteText(text);
        this.desk.say(problem.refused || this.desk.words.pasteFailed);
      },
    );
    return true;
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
