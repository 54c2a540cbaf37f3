/** Turns every text area marked `data-story-editor` into the rich-text editor. Without this file they stay text areas. */

import { Editor } from "../../django_prose_editor/editor.js";
import { element, fill } from "./dom.js";
import { Pasting } from "./pasting.js";
import { extensions } from "./schema.js";
import { Library } from "./server.js";
import { toolbars } from "./toolbar.js";

const WORD = /[\p{L}\p{N}]+(?:[’'.-][\p{L}\p{N}]+)*/gu;
const WORDS_A_MINUTE = 220;

function words(editor) {
  const { doc } = editor.state;
  return [...doc.textBetween(0, doc.content.size, "\n", "\n").matchAll(WORD)].length;
}

function create(textarea) {
  const desk = JSON.parse(textarea.dataset.storyEditor);
  desk.library = new Library(desk.pictures);
  const label = textarea.labels[0];
  if (label && !label.id) label.id = `${textarea.id}-label`;
  const count = element("p", { class: "story-editor__count" });
  const message = element("p", { class: "story-editor__message", role: "status" });
  const page = element("div", { class: "story-editor__page" });
  const frame = element("div", { class: "story-editor" });
  desk.say = (text) => (message.textContent = text);

  const pasting = new Pasting(desk, textarea);
  const editor = new Editor({
    element: page,
    injectCSS: false,
    editable: !textarea.disabled && !textarea.readOnly,
    extensions: extensions(desk),
    content: textarea.value,
    editorProps: {
      attributes: {
        class: "story-text",
        role: "textbox",
        "aria-multiline": "true",
        ...(label ? { "aria-labelledby": label.id } : { "aria-label": desk.words.story }),
        ...(textarea.lang ? { lang: textarea.lang } : {}),
      },
      handleDOMEvents: pasting.handlers,
      handleKeyDown: (_, event) => {
        if (!event.altKey || event.key !== "F10") return false;
        tools.focus();
        return true;
      },
    },
  });
  pasting.editor = editor;
  const tools = toolbars(editor, desk);

  const tell = () => {
    const total = words(editor);
    const minutes = fill(desk.words.minutes, { count: Math.max(1, Math.ceil(total / WORDS_A_MINUTE)) });
    const said = total === 1 ? desk.words.wordsOne : fill(desk.words.wordsMany, { count: total.toLocaleString(desk.language) });
    count.textContent = total ? `${said} · ${minutes}` : said;
  };
  const write = () => {
    textarea.value = editor.isEmpty ? "" : editor.getHTML();
    desk.say(textarea.value.length > desk.mostCharacters ? desk.words.tooLong : "");
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
    tell();
  };
  editor.on("update", write);
  editor.on("transaction", tools.draw);

  textarea.before(frame);
  frame.append(
    tools.dom,
    page,
    element("div", { class: "story-editor__foot" }, count, message, element("p", { class: "story-editor__hint" }, desk.words.hint)),
    textarea,
  );
  textarea.hidden = true;
  label?.addEventListener("click", (event) => {
    event.preventDefault();
    editor.commands.focus();
  });
  page.addEventListener("click", (event) => event.target === page && editor.commands.focus("end"));
  tools.draw();
  tell();
  textarea.dispatchEvent(new CustomEvent("story-editor:ready", { bubbles: true, detail: { editor } }));
}

for (const textarea of document.querySelectorAll("textarea[data-story-editor]")) create(textarea);
