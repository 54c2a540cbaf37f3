/** Says how long ago something was, where that is easier to grasp than a date. The full date stays as the title. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SHOWN_RELATIVE = 3 * DAY;

const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });

function ago(seconds) {
  if (seconds < MINUTE) return words.format(0, "minute");
  if (seconds < HOUR) return words.format(-Math.floor(seconds / MINUTE), "minute");
  if (seconds < DAY) return words.format(-Math.floor(seconds / HOUR), "hour");
  return words.format(-Math.floor(seconds / DAY), "day");
}

function tell() {
  for (const time of document.querySelectorAll("time[data-relative]:not([title])")) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (seconds >= 0 && seconds < SHOWN_RELATIVE) {
      time.title = time.textContent;
      time.textContent = ago(seconds);
    }
  }
}

tell();
document.addEventListener("newsroom:times", tell);
