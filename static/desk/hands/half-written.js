/**
 * The note somebody is writing beside a story, kept in this browser by person and article until it is sent: over a reload,
 * a saved form, a sign-out and a dead server. A browser that nobody came back to forgets it after thirty days.
 */

const PREFIX = "newsroom:note:";
const KEPT = 30 * 24 * 3600 * 1000;

const keyOf = ({ user, article }) => `${PREFIX}${user}:${article}`;

function read(key) {
  try {
    const note = JSON.parse(localStorage.getItem(key));
    return typeof note?.text === "string" && note.when > Date.now() - KEPT ? note : null;
  } catch {
    return null;
  }
}

/** Keep `note`, or nothing where nothing is written; false where the browser has no room or forbids it. */
export function keep(place, note) {
  try {
    if (note.text.trim()) localStorage.setItem(keyOf(place), JSON.stringify({ ...note, when: Date.now() }));
    else localStorage.removeItem(keyOf(place));
    return true;
  } catch {
    return false;
  }
}

/** What was being written, if anything; everybody's notes that are too old are forgotten on the way. */
export function kept(place) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && !read(key)) localStorage.removeItem(key);
    }
  } catch {
    return null;
  }
  return read(keyOf(place));
}
