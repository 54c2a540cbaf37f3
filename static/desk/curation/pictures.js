/** A pick's own picture, chosen from the library as in the story's editor. */

import { choosePictures } from "../editor/dialogs.js";
import { Library } from "../editor/server.js";

let library = null;

function chooser(root) {
  const settings = JSON.parse(root.querySelector("#desk-chooser").textContent);
  library ??= new Library(settings.pictures);
  return { words: settings.words, upload: settings.upload, library };
}

/** Opens the library for the field beside `button`. */
export async function choose(root, button) {
  const field = button.closest("[data-picture]");
  const chosen = await choosePictures(chooser(root));
  if (chosen) {
    field.querySelector("[data-field]").value = String(chosen[0].id);
    field.querySelector("[data-chosen]").textContent = chosen[0].title;
  }
  button.focus();
}
