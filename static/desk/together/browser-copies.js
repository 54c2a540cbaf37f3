/**
 * Unsaved words kept in this browser: by person, article and window, so that nobody else who signs in here is offered them.
 * They outlive a closed tab, a dead server and a sign-out; they go when they are saved, discarded, or thirty days old.
 */

const PREFIX = "newsroom:unsaved:";
const KEPT = 30 * 24 * 3600 * 1000;

const keyOf = ({ user, article, window: number }) => `${PREFIX}${user}:${article}:${number}`;

/** Keep `pairs`; false where the browser has no room or forbids it. */
export function put(place, base, pairs) {
  try {
    localStorage.setItem(keyOf(place), JSON.stringify({ when: Date.now(), base, pairs }));
    return true;
  } catch {
    return false;
  }
}

export function drop(place) {
  try {
    localStorage.removeItem(keyOf(place));
  } catch {
    // nothing is kept where nothing may be
  }
}

/** The copies of this person for this article, the newest first; what is too old, or no copy, is forgotten on the way. */
export function all({ user, article }) {
  const own = `${PREFIX}${user}:${article}:`;
  const found = [];
  try {
    const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index));
    for (const key of keys.filter((name) => name.startsWith(PREFIX))) {
      const copy = read(key);
      if (!copy || copy.when < Date.now() - KEPT) localStorage.removeItem(key);
      else if (key.startsWith(own)) found.push({ ...copy, user, article, window: key.slice(own.length) });
    }
  } catch {
    return [];
  }
  return found.sort((one, other) => other.when - one.when);
}

/** Forget the copies of a window that is saved, whatever article it was kept under: a new one had no number yet. */
export function forgetWindow(user, number) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(`${PREFIX}${user}:`) && key.endsWith(`:${number}`)) localStorage.removeItem(key);
  }
}

function read(key) {
  try {
    const copy = JSON.parse(localStorage.getItem(key));
    return Array.isArray(copy?.pairs) ? copy : null;
  } catch {
    return null;
  }
}
