/* A comment's private page: says how many minutes are left to change it or to bring it back. */

const MINUTE = 60_000;

/** "7 minutes", in the words of the page's language. */
function inWords(minutes, language) {
  return new Intl.NumberFormat(language, { style: "unit", unit: "minute", unitDisplay: "long" }).format(minutes);
}

function tick(place, words) {
  const left = Math.ceil((Date.parse(place.dataset.until) - Date.now()) / MINUTE);
  place.textContent = left > 0 ? `${words} (${inWords(left, document.documentElement.lang || "en")})` : words;
  place.classList.toggle("own__until--over", left <= 0);
  if (left > 0) setTimeout(tick, MINUTE / 4, place, words);
}

for (const place of document.querySelectorAll("[data-until]")) tick(place, place.textContent.trim());
