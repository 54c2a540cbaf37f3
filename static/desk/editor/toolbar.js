/** The tools above the text: one stop for the Tab key, arrow keys inside, Escape back to the text. */

import { element, iconButton } from "./dom.js";
import { insertEmbed, insertGallery, insertPicture } from "./figures.js";
import { editLink } from "./schema.js";

const MAC = /Mac|iP/.test(navigator.platform);

function shortcut(keys) {
  return MAC ? keys.replace("Ctrl+", "⌘").replace("Shift+", "⇧") : keys;
}

/** Each group: tools as [icon, word, command, mark or node that makes it pressed, keys]. */
function textTools(desk) {
  return [
    [
      ["bold", "bold", (chain) => chain.toggleBold(), "bold", "Ctrl+B"],
      ["italic", "italic", (chain) => chain.toggleItalic(), "italic", "Ctrl+I"],
      ["link", "link", (_, editor) => editLink(editor, desk), "link", "Ctrl+K"],
    ],
    [
      ["bullets", "bulletList", (chain) => chain.toggleBulletList(), "bulletList", "Ctrl+Shift+8"],
      ["numbers", "orderedList", (chain) => chain.toggleOrderedList(), "orderedList", "Ctrl+Shift+7"],
      ["quote", "blockquote", (chain) => chain.toggleBlockquote(), "blockquote", "Ctrl+Shift+B"],
    ],
    [
      ["picture", "picture", (_, editor) => insertPicture(editor, desk)],
      ["gallery", "gallery", (_, editor) => insertGallery(editor, desk)],
      ["embed", "embed", (_, editor) => insertEmbed(editor, desk)],
      ["table", "table", (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true })],
      ["rule", "horizontalRule", (chain) => chain.setHorizontalRule()],
    ],
    [
      ["strike", "strike", (chain) => chain.toggleStrike(), "strike", "Ctrl+Shift+S"],
      ["superscript", "superscript", (chain) => chain.toggleSuperscript(), "superscript", "Ctrl+."],
      ["subscript", "subscript", (chain) => chain.toggleSubscript(), "subscript", "Ctrl+,"],
      ["code", "code", (chain) => chain.toggleCode(), "code", "Ctrl+E"],
    ],
    [
      ["undo", "undo", (chain) => chain.undo(), null, "Ctrl+Z", (can) => can.undo()],
      ["redo", "redo", (chain) => chain.redo(), null, "Ctrl+Shift+Z", (can) => can.redo()],
    ],
  ];
}

const TABLE_TOOLS = [
  [
    ["row-above", "rowAbove", (chain) => chain.addRowBefore()],
    ["row-below", "rowBelow", (chain) => chain.addRowAfter()],
    ["row-delete", "rowDelete", (chain) => chain.deleteRow()],
  ],
  [
    ["column-before", "columnBefore", (chain) => chain.addColumnBefore()],
    ["column-after", "columnAfter", (chain) => chain.addColumnAfter()],
    ["column-delete", "columnDelete", (chain) => chain.deleteColumn()],
  ],
  [
    ["header-row", "headerRow", (chain) => chain.toggleHeaderRow()],
    ["header-column", "headerColumn", (chain) => chain.toggleHeaderColumn()],
    ["merge", "mergeCells", (chain) => chain.mergeOrSplit()],
  ],
  [["remove", "tableDelete", (chain) => chain.deleteTable()]],
];

class Toolbar {
  constructor(editor, desk, label, groups, leading = []) {
    Object.assign(this, { editor, desk, tools: [], last: null });
    this.dom = element("div", { class: "story-tools", role: "toolbar", "aria-label": label });
    if (leading.length) this.dom.append(element("div", { class: "story-tools__group" }, ...leading));
    for (const group of groups) {
      this.dom.append(element("div", { class: "story-tools__group" }, ...group.map((tool) => this.tool(...tool))));
    }
    this.dom.addEventListener("keydown", (event) => this.key(event));
    this.dom.addEventListener("focusin", (event) => this.rest(event.target));
    this.rest(this.stops[0]);
  }

  get stops() {
    return [...this.dom.querySelectorAll("button, select")];
  }

  tool(icon, word, command, active, keys, possible) {
    const label = this.desk.words[word] + (keys ? ` (${shortcut(keys)})` : "");
    const button = iconButton(this.desk, icon, label, () => {
      this.editor.view.focus(); // at once: what is typed next belongs to the text
      const done = command(this.editor.chain().focus(), this.editor);
      done?.run?.();
    });
    button.dataset.tool = word;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    this.tools.push({ button, active, possible });
    return button;
  }

  /** The one stop for Tab is the tool used last. */
  rest(stop) {
    for (const other of this.stops) other.tabIndex = other === stop ? 0 : -1;
    this.last = stop;
  }

  focus() {
    this.last.focus();
  }

  key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.editor.commands.focus();
    }
    const { stops } = this;
    const place = stops.indexOf(event.target);
    const sense = getComputedStyle(this.dom).direction === "rtl" ? -1 : 1;
    const step = { ArrowRight: sense, ArrowLeft: -sense }[event.key];
    const to = { Home: 0, End: stops.length - 1 }[event.key] ?? (step && (place + step + stops.length) % stops.length);
    if (to === undefined || place < 0) return;
    event.preventDefault();
    stops[to].focus();
  }

  /** Show which tools hold at the cursor; a tool without effect says so but keeps its place. */
  draw() {
    for (const { button, active, possible } of this.tools) {
      if (active) button.setAttribute("aria-pressed", String(this.editor.isActive(active)));
      if (possible) button.setAttribute("aria-disabled", String(!possible(this.editor.can())));
    }
  }
}

/** The choice between text and headings. */
function kindChoice(editor, desk) {
  const { words } = desk;
  const kinds = [["0", words.text], ["2", words.heading2], ["3", words.heading3], ["4", words.heading4]];
  const select = element(
    "select",
    {
      class: "story-tools__kind",
      "aria-label": words.kind,
      onchange: () => {
        const level = Number(select.value);
        editor.view.focus();
        const chain = editor.chain();
        (level ? chain.setHeading({ level }) : chain.setParagraph()).run();
      },
    },
    ...kinds.map(([value, label]) => element("option", { value }, label)),
  );
  const draw = () => (select.value = String(editor.getAttributes("heading").level ?? 0));
  return { select, draw };
}

/** Both rows of tools; the second is there while the cursor stands in a table. */
export function toolbars(editor, desk) {
  const kind = kindChoice(editor, desk);
  const text = new Toolbar(editor, desk, desk.words.tools, textTools(desk), [kind.select]);
  const table = new Toolbar(editor, desk, desk.words.tableTools, TABLE_TOOLS);
  table.dom.classList.add("story-tools--table");
  const draw = () => {
    kind.draw();
    text.draw();
    table.dom.hidden = !editor.isActive("table");
  };
  return { dom: element("div", { class: "story-editor__tools" }, text.dom, table.dom), draw, focus: () => text.focus() };
}
