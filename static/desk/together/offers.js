/** Offering back what this browser kept: the same three choices as for what the server kept. */

import { drop } from "./browser-copies.js";
import { post } from "./server.js";

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

/** A note that offers `copy`; what is chosen goes through the server, which fills the form. */
export function offer(desk, copy) {
  const { words } = desk;
  const note = document.createElement("div");
  note.className = "together__note";
  note.dataset.browserOffer = copy.window;
  const said = document.createElement("p");
  said.textContent = words.wordOffer.replace("%time", new Date(copy.when).toLocaleString(desk.language, { dateStyle: "full", timeStyle: "short" }));
  const problem = document.createElement("p");
  problem.setAttribute("role", "alert");
  const take = async (which) => {
    const base = copy.base ? [["base_revision", copy.base]] : [];
    const pairs = [...copy.pairs, ["window", copy.window], ...base, ["restoring", "1"]];
    const answer = await post(desk.form, desk.keepUrl, pairs, desk.beatUrl);
    if (answer.outcome === "kept") {
      desk.leaving = true;
      location.assign(answer[which]);
    } else {
      problem.textContent = answer.error ?? (answer.outcome === "elsewhere" ? words.wordDecide : words.wordGone);
    }
  };
  note.append(
    said,
    button(words.wordRestore, () => take("restore")),
    button(words.wordCompare, () => take("compare")),
    button(words.wordDiscard, () => {
      drop(copy);
      note.remove();
    }),
    problem,
  );
  return note;
}
