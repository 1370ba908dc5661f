/** A page in a room: the teacher's page sends its state, the others follow it; questions, answers and solutions. */

import { byId } from "../page/dom.js";
import { phrase } from "../page/phrase.js";
import { pathHere, withPrefix } from "../page/prefix.js";
import { textIn, withChanges } from "../page/query.js";
import { save, saved, savedInTab, saveInTab } from "../page/storage.js";
import { Answer } from "./answer.js";
import { Connection } from "./connection.js";
import { Leading } from "./leading.js";
import { hasAnswer, showTalk } from "./question_and_answers.js";

const [CONFIRM_AFTER, CONFIRM_WITHIN] = [500, 5000]; // ms: a second press in between ends the lesson, a double click does not
const PERSONAL = ["lang", "theme"]; // fields that every reader sets for themselves
const LOCAL_HOST = /^(localhost|127\.[\d.]+|\[::1\])$/;
/** What the teacher cannot use while a question is open: the question is about the present state, and another one cancels it. */
const LOCKED = "#main .stage > :not(.room, .talk, .status), #controls, #notes, #view-note";

/** @typedef {import("./question_and_answers.js").Question} Question */
/** @typedef {{number: number, page: string, query: string, asked: Question | null, over: boolean}} Room */

export class PageInRoom {
  /** @param {import("./open_or_join.js").Picture | null} picture of this page, if it has one
   * @param {string} code @param {string} secret of the leader, or nothing */
  constructor(picture, code, secret) {
    this.picture = picture;
    this.code = code;
    this.isMain = pathHere() === `/room/${code}`;
    this.leads = false;
    if (this.isMain && secret) saveInTab("leads", code);
    /** Whether this tab has led the room and has a picture, unlike one that was opened meanwhile for something else. */
    this.isTeachingTab = picture !== null && secret !== "" && savedInTab("leads") === code;
    /** @type {Room} */
    this.room = { number: -1, page: "", query: "", asked: null, over: false };
    /** @type {import("./question_and_answers.js").Attendance | null} */
    this.attendance = null;
    /** @type {import("./question_and_answers.js").Counts | null} */
    this.counts = null;
    /** The verdict on the answer to the present question. @type {import("./question_and_answers.js").Verdict | null} */
    this.own = null;
    /** Whether the student writes another answer. */
    this.isWriting = false;
    /** Whether the next click in the picture asks for what is clicked. */
    this.isPicking = false;
    this.answer = new Answer();
    const followed = savedInTab(`followed ${code}`);
    this.follows = picture !== null && !secret && (followed === null ? this.isMain : followed === location.pathname);
    /** Whether another window of the leader has brought this one here. */
    this.isBrought = this.isTeachingTab && !this.isMain && followed === location.pathname;
    this.leading = new Leading(
      this.state(),
      (state) => this.linkOf(state),
      () => this.connection.isOpen,
      (link) => this.connection.send({ show: link }),
    );
    /** Whether the connection has just opened. Messages that were lost with the last one are then sent again. */
    this.isNew = false;
    /** Whether this page has led the room before. */
    this.hasLed = false;
    /** The time of the first press of the button that ends the lesson, or 0. */
    this.closing = 0;
    this.listen();
    showInvitation(code);
    this.connection = new Connection(code, secret, {
      receive: (message) => this.receive(message),
      opened: () => this.opened(),
      lost: (loss) => this.lost(loss),
    });
  }

  /** Listen to the buttons, to the form and to clicks in the picture. */
  listen() {
    byId("room-follow").addEventListener("click", () => this.follow(false));
    byId("room-leave").addEventListener("click", () => this.leave());
    for (const id of ["room-back", "talk-back"]) {
      byId(id).addEventListener("click", (event) => {
        if (this.leads || !this.picture) return; // the link does it
        event.preventDefault();
        this.follow(true);
      });
    }
    for (const button of leaderButtons()) button.addEventListener("click", () => this.press(button.dataset.sends ?? ""));
    byId("talk-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.connection.send(this.answer.submit(answerField().value, this.room.asked));
    });
    byId("talk-again").addEventListener("click", () => {
      this.isWriting = true;
      this.render();
      answerField().select();
    });
    document.getElementById("frame")?.addEventListener("click", ({ target }) => {
      const tensor = /** @type {Element} */ (target).closest("[data-tensor]")?.getAttribute("data-tensor");
      if (this.isPicking && tensor) setTimeout(() => this.ask(tensor)); // after the click has selected it
    });
  }

  /** Whether the class sees what this page shows. */
  get isPresenting() {
    return this.leads && this.isTeachingTab;
  }

  opened() {
    showMessage("");
    this.isNew = true;
    this.enable(true);
  }

  /** A button of the leader is pressed. @param {string} name of the message that it sends */
  press(name) {
    if (name === "pick") return this.pick(!this.isPicking);
    if (name === "ask") return this.ask(this.picture?.tensor() ?? "");
    if (name === "close" && !this.isConfirmed()) return;
    this.pick(false);
    this.connection.send({ [name]: true });
  }

  /** Wait for a click in the picture, which asks the next question. @param {boolean} isOn */
  pick(isOn) {
    this.isPicking = isOn;
    showMessage(isOn ? phrase("roomPick") : "");
  }

  /** Ask for the shape of a tensor; of a box, for what comes out of it.
   * @param {string} selected */
  ask(selected) {
    this.pick(false);
    const tensor = document.querySelector(`#table tr[data-tensor="${CSS.escape(selected)}"]`)?.getAttribute("data-activation") || selected;
    if (new URLSearchParams(this.state()).get("tensor") !== tensor) this.picture?.go(withChanges(this.state(), { tensor })); // framed
    this.leading.flush(); // the question is about the state of this page
    /** @type {HTMLDetailsElement} */ (byId("room-invitation")).open = false;
    this.connection.send({ ask: tensor });
  }

  /** @param {import("./connection.js").Loss} loss */
  lost({ words, isFinal, isOver }) {
    if (isFinal) showMessage(words, !isOver);
    else showMessage(words ? `${words} ${phrase("roomRetry")}` : phrase("roomLost"), true);
    this.enable(false);
    if (!isFinal) return;
    this.forget();
    this.room = { ...this.room, asked: null };
    this.restoreLabels();
    this.render();
    if (!this.isMain && this.room.number < 0) byId("room").hidden = true; // it was over before this page was opened
    for (const part of document.querySelectorAll("#room :is(.actions, details, #room-role)")) /** @type {HTMLElement} */ (part).hidden = true;
    byId("room-exit").hidden = !this.isMain;
    /** @type {HTMLAnchorElement} */ (byId("room-without")).href = withPrefix(`/${this.state()}`);
  }

  /** This browser is no longer in the room. */
  forget() {
    if (saved("room") === this.code) save("room", "");
  }

  /** Leave the room, on this page or from the room's own. */
  leave() {
    this.forget();
    this.restoreLabels();
    if (this.isMain) location.assign(withPrefix(`/${this.state()}`));
    else location.reload();
  }

  /** Enable the leader's buttons while there is a connection. @param {boolean} isOn */
  enable(isOn) {
    for (const button of leaderButtons()) button.disabled = !isOn;
  }

  /** The state of the page; empty if it has no picture. */
  state() {
    return this.picture?.state() ?? "";
  }

  /** The page shows another state. The leader's is sent to the room; a student who leaves the room's state stops following.
   * @param {string} state */
  moved = (state) => {
    if (this.isPresenting) this.leading.moved(state);
    else if (this.follows && state !== this.wanted()) this.follow(false);
  };

  /** The path of this page in messages: that of a lesson or question; empty for the main page and the room's own. */
  page() {
    return /^\/(learn|questions)\//.test(pathHere()) ? pathHere() : "";
  }

  /** Whether this page is the one that the room shows. */
  isHere() {
    return this.picture !== null && this.page() === this.room.page;
  }

  /** The path of the page that the room shows. */
  path() {
    return withPrefix(this.room.page || `/room/${this.code}`);
  }

  /** The state to follow, in the reader's language and theme, and without shapes while a question is open. */
  wanted() {
    if (this.picture) return withChanges(this.room.query, { ...personalFields(this.state()), ...(this.hidesShapes() && { labels: "hidden" }) });
    const query = new URLSearchParams(this.room.query);
    const lang = new URLSearchParams(location.search).get("lang");
    if (lang) query.set("lang", lang);
    return query.size ? `?${query}` : "";
  }

  /** Whether a question is open, so that the picture hides the shapes. */
  hidesShapes() {
    return this.room.asked?.shape === "";
  }

  /** A state for the room, after the path of the page: without the leader's language and theme, and with the labels that a
   * question hides. @param {string} state */
  linkOf(state) {
    const labels = this.hidesShapes() && { labels: textIn(this.room.query, "labels") };
    return this.page() + withChanges(state, { ...personalFields(""), ...labels });
  }

  /** @param {boolean} follows */
  follow(follows) {
    this.follows = follows;
    saveInTab(`followed ${this.code}`, follows ? this.path() : "");
    if (follows) saveInTab("labels", "");
    else if (this.hidesShapes()) saveInTab("labels", textIn(this.room.query, "labels"));
    this.render();
    if (follows) this.catchUp();
  }

  /** Go to the page and state of the room. */
  catchUp() {
    if (this.isHere() && (this.leads || location.pathname === this.path())) {
      if (this.wanted() !== this.state()) this.picture?.go(this.wanted());
      return;
    }
    saveInTab(`followed ${this.code}`, this.path());
    location.assign(this.path() + this.wanted());
  }

  /** @param {{room?: Room, here?: import("./question_and_answers.js").Attendance, leads?: boolean, counts?: import("./question_and_answers.js").Counts,
   *   verdict?: import("./question_and_answers.js").Verdict, error?: string}} message */
  receive({ room, here, leads, counts, verdict, error }) {
    if (here) this.attendance = here;
    if (leads !== undefined) this.lead(leads);
    if (room && room.number > this.room.number) this.show(room);
    if (room && this.isNew) this.resend(room);
    if (verdict && verdict.number === this.room.asked?.number) this.judged(verdict);
    if (error) showMessage(error, true);
    if (counts) this.counts = counts;
    this.render();
  }

  /** @param {import("./question_and_answers.js").Verdict} verdict */
  judged(verdict) {
    this.answer.clear();
    this.own = verdict;
    this.isWriting = !hasAnswer(verdict);
  }

  /** @param {boolean} leads */
  lead(leads) {
    this.leads = leads;
    if (!this.isPresenting) return;
    if (this.isMain && !this.hasLed && this.room.number <= 1) /** @type {HTMLDetailsElement} */ (byId("room-invitation")).open = true; // for others to join
    const { page, query } = this.room;
    const isFirst = !this.hasLed && !this.isBrought && (!this.isMain || location.search || !(page + query)); // a new room gets the state of the address
    this.hasLed = true;
    if (isFirst || this.leading.isAhead) this.leading.resend(this.state());
    else this.catchUp();
  }

  /** Send again the answer to an open question, which may be lost with the last connection.
   * @param {Room} room */
  resend(room) {
    this.isNew = false;
    this.leading.sent = room.page + room.query;
    if (this.answer.isOpen(room.asked)) this.connection.send(this.answer.message);
  }

  /** @param {Room} room */
  show(room) {
    const before = this.room;
    this.room = room;
    const { asked } = room;
    const isFromElsewhere = this.isPresenting && this.leading.isFromElsewhere(room.page + room.query); // a leader can have several windows
    const isAnother = asked?.number !== before.asked?.number;
    if (isAnother) {
      this.own = this.counts = null;
      this.isWriting = false;
      answerField().value = "";
    }
    const isSame = !isAnother && asked?.shape === before.asked?.shape;
    if (this.follows || (isSame ? isFromElsewhere : this.isPresenting)) this.catchUp();
    else if (this.hidesShapes()) this.hideLabels();
    else this.restoreLabels();
    if (isSame) return;
    showMessage(isAnother && before.asked?.shape === "" && !asked && !this.leads ? phrase("roomMoved") : "");
    if (asked && !this.leads) {
      this.render();
      byId("talk").scrollIntoView({ block: "nearest" });
    }
  }

  /** Hide the shapes of a picture that does not follow, while a question is open. */
  hideLabels() {
    if (!this.picture || this.leads) return;
    const labels = textIn(this.state(), "labels");
    if (labels === "hidden") return;
    saveInTab("labels", labels);
    this.picture.go(withChanges(this.state(), { labels: "hidden" }));
  }

  /** Show them again. */
  restoreLabels() {
    const labels = savedInTab("labels");
    if (!labels || !this.picture) return;
    saveInTab("labels", "");
    this.picture.go(withChanges(this.state(), { labels }));
  }

  /** Whether this press ends the lesson: the second one within some seconds does. */
  isConfirmed() {
    const button = byId("room-close");
    const now = performance.now();
    if (this.closing) return now - this.closing > CONFIRM_AFTER;
    const label = button.textContent;
    button.textContent = phrase("roomReally");
    this.closing = now;
    setTimeout(() => {
      this.closing = 0;
      button.textContent = label;
    }, CONFIRM_WITHIN);
    return false;
  }

  /** Show the parts, buttons and fields that are of use now. */
  render() {
    const { leads, isPresenting, isWriting, own, counts, attendance } = this;
    const { asked } = this.room;
    const isOpen = this.hidesShapes();
    if (this.room.number >= 0) byId("room").hidden = false;
    const join = document.getElementById("join");
    if (join) join.hidden = true; // while this browser is in a room
    const hidesParts = this.picture !== null && isOpen && (isPresenting || !leads);
    byId("main").classList.toggle("question-open", hidesParts);
    if (hidesParts) byId("sentence").dataset.whileAsked = phrase("whileAsked"); // the style sheet shows it
    byId("main").classList.toggle("talking", asked !== null && this.picture !== null);
    for (const part of document.querySelectorAll(LOCKED)) part.toggleAttribute("inert", isOpen && isPresenting);
    byId("room-members").textContent = attendance?.words.members ?? "";
    byId("room-role").textContent = leads ? phrase(isPresenting ? "roomLeads" : "roomLeadsElsewhere") : "";
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#room [data-sends]"))) button.hidden = !leads;
    byId("room-ask").hidden = !isPresenting || asked !== null;
    const back = /** @type {HTMLAnchorElement} */ (byId("room-back"));
    back.hidden = leads ? isPresenting : this.follows || asked !== null; // the question has the link as well
    back.textContent = phrase(leads ? "roomBack" : "comeBack");
    back.href = this.path() + this.wanted();
    /** @type {HTMLAnchorElement} */ (byId("talk-back")).href = back.href;
    byId("room-follow").hidden = leads || !this.follows;
    byId("room-leave").hidden = leads || this.follows;
    const hasPicture = this.picture !== null;
    showTalk({ asked, leads, isPresenting, hasPicture, isAway: !leads && !this.follows, isWriting, own, counts, attendance });
  }
}

/** Show how to join a room. @param {string} code */
function showInvitation(code) {
  for (const part of document.querySelectorAll(".room-code")) part.textContent = code;
  for (const part of document.querySelectorAll(".room-address")) part.textContent = location.host + withPrefix("/join");
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".room-local"))) part.hidden = !LOCAL_HOST.test(location.hostname);
  for (const part of /** @type {NodeListOf<HTMLImageElement>} */ (document.querySelectorAll(".room-qr"))) part.src ||= withPrefix(`/qr.svg?path=/room/${code}`);
}

/** The fields of a state that every reader sets for themselves. @param {string} state */
function personalFields(state) {
  return Object.fromEntries(PERSONAL.map((name) => [name, textIn(state, name)]));
}

/** The leader's buttons, each with the name of the message that it sends. @returns {NodeListOf<HTMLButtonElement>} */
function leaderButtons() {
  return document.querySelectorAll(":is(#room, #talk) [data-sends]");
}

function answerField() {
  return /** @type {HTMLInputElement} */ (byId("talk-answer"));
}

/** @param {string} text @param {boolean} isError */
function showMessage(text, isError = false) {
  const line = byId("room-message");
  line.textContent = text;
  line.classList.toggle("error", isError);
}
