/* Marks this browser as a colleague's, so that reader pages ask the admin for an edit link; signing out takes the mark away. */

const MARK = "newsroom-staff"; // the same as in site/edit-link.js
const staff = document.querySelector('meta[name="newsroom-staff"]')?.content;

try {
  if (staff === "yes") localStorage.setItem(MARK, "yes");
  else localStorage.removeItem(MARK);
} catch {
  // storage is switched off: no edit links, nothing else is lost
}
