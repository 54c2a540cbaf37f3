/** Pictures, galleries and embed cards: stored as references, shown in the text as what they are. */

import { Node } from "../../django_prose_editor/editor.js";
import { chooseEmbed, choosePictures, thumbnail } from "./dialogs.js";
import { element, iconButton } from "./dom.js";

/** An attribute kept as `data-…` on the figure; left out when empty. */
function data(name) {
  return {
    default: "",
    parseHTML: (figure) => figure.dataset[name] ?? "",
    renderHTML: (attributes) => (attributes[name] ? { [`data-${name}`]: attributes[name] } : {}),
  };
}

function figureNode(name, attributes, key, view) {
  return Node.create({
    name,
    group: "block",
    atom: true,
    draggable: true,
    addOptions: () => ({ desk: null }),
    addAttributes: () => Object.fromEntries(attributes.map((attribute) => [attribute, data(attribute)])),
    parseHTML: () => [{ tag: `figure[data-${key}]`, priority: 60 }],
    renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes],
    addNodeView() {
      return (given) => new view(given, this.options.desk);
    },
    addKeyboardShortcuts() {
      return {
        Enter: ({ editor }) => {
          const { selection } = editor.state;
          if (selection.node?.type.name !== name) return false;
          editor.view.nodeDOM(selection.from)?.querySelector("input")?.focus();
          return true;
        },
      };
    },
  });
}

/** What the three share: a frame with inputs that write attributes, and buttons. */
class FigureView {
  constructor({ node, editor, getPos }, desk) {
    Object.assign(this, { node, editor, getPos, desk });
    this.dom = element("figure", { class: `story-figure story-figure--${node.type.name}`, contenteditable: "false" });
    this.build();
    this.draw();
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }

  selectNode() {
    this.dom.classList.add("story-figure--selected");
  }

  deselectNode() {
    this.dom.classList.remove("story-figure--selected");
  }

  stopEvent(event) {
    return event.target !== this.dom && Boolean(event.target.closest?.("input, button"));
  }

  ignoreMutation() {
    return true;
  }

  set(attributes) {
    this.editor.commands.command(({ tr }) => {
      tr.setNodeMarkup(this.getPos(), undefined, { ...this.node.attrs, ...attributes });
      return true;
    });
  }

  /** An input for one attribute. Enter and Escape lead back to the text behind the figure. */
  input(name, label) {
    const made = element("input", {
      type: "text",
      class: "story-figure__input",
      "aria-label": label,
      placeholder: label,
      oninput: () => this.set({ [name]: made.value }),
      onkeydown: (event) => {
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        this.leave();
      },
    });
    return made;
  }

  show(input, name, placeholder) {
    if (input.value !== this.node.attrs[name]) input.value = this.node.attrs[name];
    if (placeholder) input.placeholder = placeholder;
  }

  leave() {
    const behind = this.getPos() + this.node.nodeSize;
    const { editor } = this;
    if (behind >= editor.state.doc.content.size) editor.commands.insertContentAt(behind, { type: "paragraph" });
    editor.chain().focus().setTextSelection(behind + 1).run();
  }

  button(icon, label, action, attributes = {}) {
    return iconButton(this.desk, icon, label, action, attributes);
  }

  remove() {
    const from = this.getPos();
    this.editor.chain().focus().deleteRange({ from, to: from + this.node.nodeSize }).run();
  }
}

class PictureView extends FigureView {
  build() {
    const { words } = this.desk;
    this.picture = element("div", { class: "story-figure__picture" });
    this.caption = this.input("caption", words.captionLibrary);
    this.credit = this.input("credit", words.creditLibrary);
    this.wide = this.button("wide", words.wide, () => this.set({ layout: this.node.attrs.layout === "wide" ? "" : "wide" }));
    this.dom.append(
      this.picture,
      element("figcaption", { class: "story-figure__words" }, this.caption, this.credit),
      element(
        "div",
        { class: "story-figure__tools" },
        this.wide,
        this.button("replace", words.replace, () => this.replace()),
        this.button("remove", words.remove, () => this.remove()),
      ),
    );
  }

  draw() {
    const { image, layout } = this.node.attrs;
    this.show(this.caption, "caption");
    this.show(this.credit, "credit");
    this.wide.setAttribute("aria-pressed", String(layout === "wide"));
    this.dom.classList.toggle("story-figure--wide", layout === "wide");
    if (image !== this.shown) this.load(image);
  }

  async load(image) {
    this.shown = image;
    const picture = await this.desk.library.picture(image);
    if (image !== this.shown) return;
    this.picture.replaceChildren(
      picture ? thumbnail(picture, picture.whole) : element("p", { class: "story-figure__missing" }, this.desk.words.missing),
    );
    if (picture) {
      this.show(this.caption, "caption", picture.caption || this.desk.words.caption);
      this.show(this.credit, "credit", picture.credit || this.desk.words.credit);
    }
  }

  async replace() {
    const pictures = await choosePictures(this.desk);
    if (pictures) this.set({ image: String(pictures[0].id), caption: "", credit: "" });
  }
}

class GalleryView extends FigureView {
  build() {
    const { words } = this.desk;
    this.list = element("ol", { class: "story-figure__gallery" });
    this.caption = this.input("caption", words.galleryCaption);
    this.dom.append(
      this.list,
      element("figcaption", { class: "story-figure__words" }, this.caption),
      element(
        "div",
        { class: "story-figure__tools" },
        this.button("add", words.addPictures, () => this.add()),
        this.button("remove", words.remove, () => this.remove()),
      ),
    );
  }

  get ids() {
    return this.node.attrs.gallery.split(",").filter(Boolean);
  }

  draw() {
    this.show(this.caption, "caption");
    if (this.node.attrs.gallery !== this.shown) this.load();
  }

  async load() {
    const shown = (this.shown = this.node.attrs.gallery);
    const pictures = await Promise.all(this.ids.map((id) => this.desk.library.picture(id)));
    if (shown === this.shown) this.list.replaceChildren(...pictures.map((picture, place) => this.item(picture, place)));
  }

  item(picture, place) {
    const { words } = this.desk;
    const shown = picture ? thumbnail(picture) : element("p", { class: "story-figure__missing" }, words.missing);
    const last = this.ids.length - 1;
    return element(
      "li",
      {},
      shown,
      element(
        "div",
        { class: "story-figure__order" },
        this.button("earlier", words.earlier, () => this.move(place, place - 1), { disabled: place === 0 }),
        this.button("later", words.later, () => this.move(place, place + 1), { disabled: place === last }),
        this.button("remove", words.remove, () => this.drop(place)),
      ),
    );
  }

  move(from, to) {
    const ids = this.ids;
    ids.splice(to, 0, ...ids.splice(from, 1));
    this.set({ gallery: ids.join(",") });
  }

  drop(place) {
    const ids = this.ids.filter((_, index) => index !== place);
    if (ids.length) this.set({ gallery: ids.join(",") });
    else this.remove();
  }

  async add() {
    const pictures = await choosePictures(this.desk, { several: true });
    if (!pictures) return;
    const ids = new Set([...this.ids, ...pictures.map((picture) => String(picture.id))]);
    this.set({ gallery: [...ids].join(",") });
  }
}

class EmbedView extends FigureView {
  build() {
    const { words } = this.desk;
    this.host = element("span", { class: "story-figure__host" });
    this.address = element("span", { class: "story-figure__address" });
    this.title = this.input("title", words.cardTitle);
    this.dom.append(
      element("p", { class: "story-figure__source" }, this.host, this.address),
      element("figcaption", { class: "story-figure__words" }, this.title),
      element("div", { class: "story-figure__tools" }, this.button("remove", words.remove, () => this.remove())),
    );
  }

  draw() {
    const { embed } = this.node.attrs;
    this.host.textContent = hostOf(embed);
    this.address.textContent = embed;
    this.show(this.title, "title");
  }
}

function hostOf(address) {
  try {
    return new URL(address).hostname.replace(/^www\./, "");
  } catch {
    return address;
  }
}

export const Picture = figureNode("picture", ["image", "caption", "credit", "layout"], "image", PictureView);
export const Gallery = figureNode("gallery", ["gallery", "caption"], "gallery", GalleryView);
export const Embed = figureNode("embed", ["embed", "title"], "embed", EmbedView);

/** Put a figure at the cursor, as a block of its own, and go on behind it. */
export function insertFigure(editor, type, attrs) {
  editor.view.focus();
  editor.chain().focus().insertContent({ type, attrs }).createParagraphNear().run();
}

export async function insertPicture(editor, desk) {
  const pictures = await choosePictures(desk);
  if (pictures) insertFigure(editor, "picture", { image: String(pictures[0].id) });
  else editor.commands.focus();
}

export async function insertGallery(editor, desk) {
  const pictures = await choosePictures(desk, { several: true });
  if (pictures) insertFigure(editor, "gallery", { gallery: pictures.map((picture) => picture.id).join(",") });
  else editor.commands.focus();
}

export async function insertEmbed(editor, desk) {
  const chosen = await chooseEmbed(desk);
  if (chosen) insertFigure(editor, "embed", { embed: chosen.url, title: chosen.title });
  else editor.commands.focus();
}
