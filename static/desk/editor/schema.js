/** What a story may hold: the same as the server stores, so that nothing is lost on saving. */

import {
  Blockquote, Bold, BulletList, Code, Document, Dropcursor, Gapcursor, HardBreak, Heading, HorizontalRule, Italic,
  Link, ListItem, OrderedList, Paragraph, Placeholder, Strike, Subscript, Superscript, Table, TableCell, TableHeader,
  TableRow, Text, UndoRedo,
} from "../../django_prose_editor/editor.js";
import { chooseLink } from "./dialogs.js";
import { Embed, Gallery, Picture } from "./figures.js";

const INSIDE = "(paragraph | bulletList | orderedList)+";

/** Cells keep their spans; widths and alignment are the page's business. */
function cell(base) {
  return base.extend({
    content: INSIDE,
    addAttributes() {
      const { colspan, rowspan } = this.parent();
      return { colspan, rowspan, colwidth: { default: null, parseHTML: () => null, renderHTML: () => ({}) } };
    },
  });
}

/** Asks for an address and links the selection, or changes the link the cursor stands in. */
export async function editLink(editor, desk) {
  const href = editor.getAttributes("link").href ?? "";
  if (!href && editor.state.selection.empty) {
    const chosen = await chooseLink(desk, "");
    editor.view.focus();
    if (!chosen?.href) return;
    const text = chosen.href.replace(/^(https?:\/\/|mailto:|tel:)/, "");
    const linked = { type: "text", text, marks: [{ type: "link", attrs: { href: chosen.href } }] };
    editor.chain().insertContent(linked).unsetMark("link").run();
    return;
  }
  const chosen = await chooseLink(desk, href);
  editor.view.focus();
  if (!chosen) return;
  const chain = editor.chain().extendMarkRange("link");
  (chosen.remove ? chain.unsetMark("link") : chain.setMark("link", { href: chosen.href })).run();
}

export function extensions(desk) {
  return [
    Document, Paragraph, Text, HardBreak, HorizontalRule, UndoRedo, Gapcursor,
    Dropcursor.configure({ class: "story-dropcursor", color: false }),
    Placeholder.configure({ placeholder: desk.words.placeholder }),
    Heading.configure({ levels: [2, 3, 4] }),
    Bold, Italic, Strike, Subscript, Superscript, Code,
    Link.extend({
      addKeyboardShortcuts() {
        return {
          "Mod-k": ({ editor }) => {
            editLink(editor, desk);
            return true;
          },
        };
      },
    }).configure({
      openOnClick: false,
      autolink: false,
      linkOnPaste: true,
      enableTarget: false,
      HTMLAttributes: { target: null, rel: null, class: null },
    }),
    BulletList, OrderedList,
    ListItem.extend({ content: "paragraph (paragraph | bulletList | orderedList)*" }),
    Blockquote.extend({ content: INSIDE }),
    Table.configure({ resizable: false }),
    TableRow, cell(TableHeader), cell(TableCell),
    Picture.configure({ desk }), Gallery.configure({ desk }), Embed.configure({ desk }),
  ];
}
