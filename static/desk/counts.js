/* Counts the characters of fields that say how many are enough: data-count="90". It advises; the server decides. */

function watch(field) {
  const enough = Number(field.dataset.count);
  const counter = document.createElement("span");
  counter.className = "counter";
  counter.setAttribute("aria-hidden", "true"); // a number at each key would drown a screen reader
  const update = () => {
    const length = [...field.value].length;
    counter.textContent = `${length} / ${enough}`;
    counter.classList.toggle("counter--over", length > enough);
  };
  field.addEventListener("input", update);
  field.after(counter);
  update();
}

for (const field of document.querySelectorAll("[data-count]")) watch(field);
