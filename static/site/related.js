/* Counts, for nobody in particular: that the article was read, that the list beside it was seen, and
   which of its articles was chosen. No cookie, no id, nothing stored; nothing is sent by programs, by
   pages nobody looks at, or by readers who object (Global Privacy Control, Do Not Track). */

const READ_AFTER = 5000;
const SEEN_AFTER = 1000;
const SHARE = 0.5;

/** Whether this is a person's browser, and its owner did not object. */
function counts() {
  const objects = navigator.globalPrivacyControl || navigator.doNotTrack === "1" || window.doNotTrack === "1";
  return !objects && !navigator.webdriver && "sendBeacon" in navigator;
}

/** Calls `then` once, when it has been turned on for so long without a break while the page was looked at. */
function dwell(after, then) {
  let timer = 0;
  let on = false;
  let done = false;
  const look = () => {
    const held = on && document.visibilityState === "visible" && !document.prerendering;
    if (done || held === timer > 0) return;
    clearTimeout(timer);
    timer = held ? setTimeout(finish, after) : 0;
  };
  const finish = () => {
    if (done) return;
    done = true;
    then();
  };
  document.addEventListener("visibilitychange", look);
  document.addEventListener("prerenderingchange", look);
  return {
    turn(state) {
      on = state;
      look();
    },
    finish,
  };
}

function start(story) {
  const tell = (name, values) => {
    const form = new URLSearchParams({ page: story.dataset.page });
    for (const value of values) form.append(name, value);
    navigator.sendBeacon(story.dataset.seen, form);
  };
  dwell(READ_AFTER, () => tell("read", ["1"])).turn(true);
  const items = [...document.querySelectorAll("[data-shown]")];
  if (items.length) watch(items[0].parentElement, items, tell);
}

/** Tells once that the list was seen, and once for each article in it that it was chosen. */
function watch(list, items, tell) {
  const seen = dwell(SEEN_AFTER, () => tell("shown", items.map((item) => item.dataset.shown)));
  const steps = [...Array(21).keys()].map((step) => step / 20);
  new IntersectionObserver(
    (entries) => {
      const entry = entries.at(-1);
      const tall = entry.intersectionRect.height >= innerHeight * SHARE; // a list longer than the screen
      seen.turn(entry.isIntersecting && (entry.intersectionRatio >= SHARE || tall));
    },
    { threshold: steps },
  ).observe(list);
  const chosen = new Set();
  const choose = (event) => {
    const item = event.target.closest(".card__link") && event.target.closest("[data-shown]");
    if (!item || event.button > 1 || chosen.has(item)) return;
    chosen.add(item);
    seen.finish(); // nobody chooses what they have not seen
    tell("clicked", [item.dataset.shown]);
  };
  list.addEventListener("click", choose);
  list.addEventListener("auxclick", choose);
}

const story = document.querySelector("[data-seen]");
if (story && counts()) start(story);
