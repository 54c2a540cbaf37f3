/* Shows the chosen lead picture below its field. */

const select = document.querySelector("#id_lead_picture");
const story = document.querySelector("[data-story-editor]");
const pictures = story && JSON.parse(story.dataset.storyEditor).pictures;
let shown = null;

async function show() {
  const wanted = select.value;
  let picture = null;
  if (wanted) {
    const answer = await fetch(`${pictures}?ids=${encodeURIComponent(wanted)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || select.value !== wanted) return;
    [picture] = (await answer.json()).pictures;
  }
  shown?.remove();
  if (!picture?.preview) return;
  shown = document.createElement("img");
  shown.className = "lead-preview";
  shown.src = picture.preview;
  shown.alt = picture.alt;
  select.closest(".form-row").append(shown);
}

if (select && pictures) {
  window.django?.jQuery(select).on("change", show); // select2 tells jQuery only
  show().catch(() => {}); // without an answer there is simply no preview
}
