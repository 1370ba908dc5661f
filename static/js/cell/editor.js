/** The editor of equations: a text field over the same text in colours, with a list of the names that fit. */

import { byId } from "../page/dom.js";
import { completions, declaredAxes, nameBefore, piecesOf } from "./equation_text.js";

/** @typedef {import("./equation_text.js").Problem} Problem */

const MOST = 8; // names that are listed

/** The colours of axes that a cell declares, see app/diagram/theme.py. */
const OWN_AXES = 8;

export class Editor {
  #frame = byId("editor");
  #coloured = byId("coloured");
  #list = byId("completions");
  field = /** @type {HTMLTextAreaElement} */ (byId("equations"));
  /** @type {Problem | null} */
  #problem = null;
  /** @type {string[]} */
  #names = [];
  #chosen = 0;
  /** The line, counted from 1, that is pointed at elsewhere. */
  #pointed = 0;
  /** The message under its line, over the lines below; the one that readers of screens hear is below the editor. */
  #message = document.createElement("p");

  constructor() {
    this.#frame.classList.add("coloured");
    this.#coloured.hidden = false;
    this.field.addEventListener("input", () => this.#written());
    this.field.addEventListener("keydown", (event) => this.#onKey(event));
    this.field.addEventListener("blur", () => this.#close());
    document.addEventListener("selectionchange", () => this.#placeMessage());
    this.#message.className = "at-line";
    this.#message.ariaHidden = "true";
    this.#frame.append(this.#message);
    this.#list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the field keeps the focus
      const at = [...this.#list.children].indexOf(/** @type {Element} */ (event.target));
      if (at >= 0) this.#complete(at);
    });
    this.draw();
  }

  get text() {
    return this.field.value;
  }

  /** Mark what is wrong, or nothing. @param {Problem | null} problem @param {Node[]} message */
  mark(problem, message) {
    this.#problem = problem;
    this.#message.replaceChildren(...message);
    this.field.setAttribute("aria-invalid", String(problem !== null));
    this.draw();
  }

  /** Mark a line that is pointed at elsewhere; 0 for none. @param {number} line */
  point(line) {
    if (line === this.#pointed) return;
    this.#pointed = line;
    this.draw();
  }

  /** The line of the caret, counted from 1. */
  get line() {
    return this.text.slice(0, this.field.selectionStart).split("\n").length;
  }

  /** Replace some characters, so that the browser can undo it.
   * @param {number} start @param {number} end @param {string} text */
  replace(start, end, text) {
    this.field.focus();
    this.field.setSelectionRange(start, end);
    // the only way that keeps the history of the field
    if (!document.execCommand("insertText", false, text)) this.field.setRangeText(text, start, end, "end");
  }

  /** Go to what is wrong. */
  showProblem() {
    if (!this.#problem) return;
    const before = this.text.split("\n").slice(0, this.#problem.line - 1).join("\n").length + (this.#problem.line > 1 ? 1 : 0);
    this.field.focus();
    this.field.setSelectionRange(before + this.#problem.start, before + this.#problem.end);
  }

  /** Write the text in its colours. */
  draw() {
    const own = declaredAxes(this.text);
    const known = (this.#frame.dataset.axes ?? "").split(" ");
    const axes = new Set([...known, ...own]);
    const lines = this.text.split("\n").map((line, n) => {
      const element = document.createElement("span");
      const problem = this.#problem?.line === n + 1 ? this.#problem : null;
      if (problem) element.className = "wrong";
      element.classList.toggle("pointed-at", this.#pointed === n + 1);
      for (const { text, kind, isWrong } of piecesOf(line, axes, problem)) {
        const piece = document.createElement(isWrong ? "u" : kind === "comment" ? "i" : "b");
        if (kind === "axis") piece.className = known.includes(text) ? text : `axis_${(own.indexOf(text) % OWN_AXES) + 1}`;
        piece.append(text);
        element.append(kind || isWrong ? piece : text);
      }
      if (!line) element.append("\u200b"); // so that an empty line has a height
      return element;
    });
    this.#coloured.replaceChildren(...lines);
    this.field.style.height = "auto";
    this.field.style.height = `${Math.max(this.field.scrollHeight, this.#coloured.scrollHeight)}px`;
    this.#placeMessage();
  }

  /** Show the message under its line; below the editor if it would cover other lines or the caret, or be out of sight. */
  #placeMessage() {
    const line = this.#problem && this.#coloured.children[this.#problem.line - 1];
    this.#message.hidden = !line;
    if (line) {
      const top = line.getBoundingClientRect().bottom - this.#frame.getBoundingClientRect().top;
      this.#message.style.top = `${top}px`;
      const caret = document.activeElement === this.field && this.#coloured.children[this.line - 1];
      const { top: begin, bottom: end } = this.#message.getBoundingClientRect();
      const { bottom } = /** @type {Element} */ (this.#frame.parentElement).getBoundingClientRect();
      const isOutside = begin < 0 || end > Math.min(bottom, innerHeight);
      this.#message.hidden = isOutside || [...this.#coloured.children].some((other) => {
        const { top: first, bottom: last } = other.getBoundingClientRect();
        const isFree = other !== caret && !other.textContent?.replace("\u200b", "").trim();
        return !isFree && last > begin + 1 && first < end - 1;
      });
    }
    this.#frame.classList.toggle("has-message", !this.#message.hidden);
  }

  #written() {
    this.draw();
    const begun = nameBefore(this.text, this.field.selectionStart);
    if (begun.length > 1) this.#open();
    else this.#close();
  }

  #open() {
    const { functions = "", axes = "" } = this.#frame.dataset;
    const known = [...axes.split(" "), ...functions.split(" ")];
    this.#names = completions(this.text, this.field.selectionStart, known).slice(0, MOST);
    this.#chosen = 0;
    this.#showList();
  }

  #close() {
    this.#names = [];
    this.#showList();
  }

  #showList() {
    this.#list.hidden = !this.#names.length;
    this.#list.replaceChildren(
      ...this.#names.map((name, n) => {
        const item = document.createElement("li");
        item.role = "option";
        item.id = `completion-${n}`;
        item.setAttribute("aria-selected", String(n === this.#chosen));
        item.textContent = name;
        return item;
      }),
    );
    if (!this.#names.length) return void this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-activedescendant", `completion-${this.#chosen}`);
    const { left, bottom } = this.#placeOfCaret();
    const frame = this.#frame.getBoundingClientRect();
    this.#list.style.left = `${Math.min(left - frame.left, Math.max(0, frame.width - this.#list.offsetWidth))}px`;
    this.#list.style.top = `${bottom - frame.top}px`;
  }

  /** Where the caret is, from the same text in colours. */
  #placeOfCaret() {
    const before = this.text.slice(0, this.field.selectionStart);
    const line = this.#coloured.children[before.split("\n").length - 1] ?? this.#coloured;
    let rest = before.length - before.lastIndexOf("\n") - 1;
    const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const length = node.textContent?.length ?? 0;
      if (rest <= length) {
        const range = document.createRange();
        range.setStart(node, rest);
        range.setEnd(node, rest);
        return range.getBoundingClientRect();
      }
      rest -= length;
    }
    return line.getBoundingClientRect();
  }

  /** Write a name of the list. @param {number} at */
  #complete(at) {
    const caret = this.field.selectionStart;
    const begun = nameBefore(this.text, caret);
    const name = this.#names[at] ?? "";
    this.#close();
    this.replace(caret - begun.length, caret, name);
    this.#close();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      return this.#open();
    }
    if (event.key === "F8") {
      event.preventDefault();
      return this.showProblem();
    }
    if (!this.#names.length || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      this.#chosen = (this.#chosen + by + this.#names.length) % this.#names.length;
      this.#showList();
    } else if (event.key === "Tab" || event.key === "Enter") {
      this.#complete(this.#chosen);
    } else if (event.key === "Escape") {
      this.#close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
