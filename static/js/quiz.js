/** The quiz: checks an answer without leaving the page, and saves the results of first attempts in this browser. */

import { copyText, showCopied } from "./controls/copy.js";
import { Marks } from "./stored_quiz_marks.js";
import { byId } from "./page/dom.js";
import { phrase } from "./page/phrase.js";
import { withPrefix } from "./page/prefix.js";
import { messageOf, request } from "./page/request.js";

function setUpQuiz() {
  const { seed = "", cell = "", number = "", total = "" } = byId("main").dataset;
  const marks = new Marks([seed, cell].join(" ").trim(), Number(total));
  const form = /** @type {HTMLFormElement} */ (byId("predict"));
  const verdict = byId("verdict");
  /** The newest request. A new one aborts it. */
  let newest = new AbortController();

  /** ``7 of 10 correct on the first try, 10 answered.``, in the language of the page. */
  function score() {
    const { right, answered } = marks;
    return phrase("quizScore", { right, all: total, answered });
  }

  /** The result as text, for the button that copies it. */
  function result() {
    const signs = marks.signs.map((sign) => sign || "–").join("");
    return `Unrolled, quiz ${seed}: ${score()} ${signs} ${location.origin}${withPrefix("/quiz")}?${cell && `cell=${cell}&`}seed=${seed}`;
  }

  /** Show the sign of each answered question, and the score. */
  function showMarks() {
    const { signs, answered } = marks;
    for (const [n, link] of document.querySelectorAll("#marks a").entries()) link.textContent = `${n + 1} ${signs[n]}`.trim();
    byId("score").hidden = !answered;
    byId("score").textContent = score();
    byId("result-line").hidden = answered < marks.total;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    newest.abort();
    const own = (newest = new AbortController());
    const query = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    query.set("lang", document.documentElement.lang);
    try {
      const { read, right, said } = await (await request(withPrefix(`/quiz.json?${query}`), own.signal)).json();
      verdict.textContent = read ? `${right ? "✓" : "✗"} ${said}` : said;
      verdict.className = `verdict ${right ? "right" : "wrong"}`;
      if (read) marks.set(Number(number), right);
      showMarks();
    } catch (error) {
      if (own.signal.aborted) return;
      verdict.textContent = messageOf(error);
      verdict.className = "verdict";
    }
  });

  byId("reveal").addEventListener("click", () => {
    if (!verdict.classList.contains("right")) marks.set(Number(number), false); // revealed before a right answer counts as wrong
  });

  byId("result").addEventListener("click", async () => {
    try {
      await copyText(result());
      showCopied(byId("result"));
    } catch {
      byId("score").textContent = result(); // shown, so that the reader can copy it
    }
  });

  if ("judged" in verdict.dataset) marks.set(Number(number), verdict.classList.contains("right"));
  showMarks();
  // on a touch screen the keyboard would cover the picture
  if (matchMedia("(pointer: fine)").matches) byId("answer").focus({ preventScroll: true });
}

setUpQuiz();
