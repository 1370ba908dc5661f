/** The list of questions: only those stay that have every word that is typed. */

const field = /** @type {HTMLInputElement} */ (document.getElementById("q"));
const found = /** @type {HTMLElement} */ (document.getElementById("found"));
const questions = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".questions li")]);

field.addEventListener("input", () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const one of questions) {
    const text = one.textContent?.toLowerCase() ?? "";
    one.hidden = !words.every((word) => text.includes(word));
  }
  for (const group of document.querySelectorAll("main section")) {
    /** @type {HTMLElement} */ (group).hidden = !group.querySelector("li:not([hidden])");
  }
  const left = questions.filter((one) => !one.hidden).length;
  found.textContent = words.length ? `${left} of ${questions.length}` : "";
});
