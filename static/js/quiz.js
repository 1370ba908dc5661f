/** The quiz: checks an answer without leaving the page, and saves the results of first attempts in this browser. */

import { copyText } from "./controls/copy.js";
import { byId } from "./page/dom.js";
import { fill } from "./page/phrases.js";
import { withPrefix } from "./page/prefix.js";
import { Refusal, request } from "./page/request.js";
import { save, saved } from "./page/storage.js";

const main = byId("main");
const { seed = "", cell = "", number = "", total = "" } = main.dataset;
/** The key of the results. */
const key = `quiz ${[seed, cell].join(" ").trim()}`;
const form = /** @type {HTMLFormElement} */ (byId("predict"));
const verdict = byId("verdict");

/** Whether the first answer was right, by number of the question.
 * @returns {Record<string, boolean>} */
function marks() {
  return JSON.parse(saved(key) ?? "{}");
}

/** Save the result of this question, unless an earlier attempt has been saved.
 * @param {boolean} right */
function mark(right) {
  const all = marks();
  if (!(number in all)) save(key, JSON.stringify({ ...all, [number]: right }));
}

/** Show ✓ or ✗ at each answered question, and the score. */
function showMarks() {
  const all = marks();
  for (const [n, link] of [...document.querySelectorAll("#marks a")].entries()) {
    const right = all[n + 1];
    link.textContent = right === undefined ? `${n + 1}` : `${n + 1} ${right ? "✓" : "✗"}`;
  }
  const answered = Object.keys(all).length;
  byId("score").hidden = !answered;
  byId("score").textContent = score();
  byId("result-line").hidden = answered < Number(total);
}

/** ``7 of 10 correct on the first try, 10 answered.``, in the language of the page. */
function score() {
  const all = Object.values(marks());
  const numbers = { right: all.filter(Boolean).length, all: total, answered: all.length };
  return fill(main.dataset.score ?? "", numbers);
}

/** The result as text, for the button that copies it. */
function result() {
  const all = marks();
  const symbols = Array.from({ length: Number(total) }, (_, n) => ({ true: "✓", false: "✗" })[String(all[n + 1])] ?? "–");
  return `Unrolled, quiz ${seed}: ${score()} ${symbols.join("")} ${location.origin}${withPrefix("/quiz")}?${cell && `cell=${cell}&`}seed=${seed}`;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const query = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  query.set("lang", main.dataset.lang ?? "en"); // the language of the page
  try {
    const { read, right, said } = await (await request(withPrefix(`/quiz.json?${query}`))).json();
    verdict.textContent = read ? `${right ? "✓" : "✗"} ${said}` : said;
    verdict.className = `verdict ${right ? "right" : "wrong"}`;
    if (read) mark(right);
    showMarks();
  } catch (error) {
    verdict.textContent = error instanceof Refusal ? error.message : main.dataset.unreachable ?? "";
    verdict.className = "verdict";
  }
});

byId("reveal").addEventListener("click", () => {
  if (!verdict.classList.contains("right")) mark(false); // revealed before a right answer counts as wrong
});

byId("result").addEventListener("click", async () => {
  try {
    await copyText(result());
    byId("result").textContent = byId("result").dataset.copied ?? "";
  } catch {
    byId("score").textContent = result(); // shown, so that the reader can copy it
  }
});

if ("judged" in verdict.dataset) mark(verdict.classList.contains("right"));
showMarks();
// on a touch screen the keyboard would cover the picture
if (matchMedia("(pointer: fine)").matches) byId("answer").focus({ preventScroll: true });
