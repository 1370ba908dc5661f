/** The files that were opened in this tab: the browser keeps them while other pages are visited. They are in no address, and not sent. */

/** @typedef {import("./found_layers.js").ShownFile} ShownFile */

const NAME = "opened files"; // in sessionStorage
const MOST_FILES = 4;
const MOST_CHARACTERS = 500_000;

/** Whether the model on a page has other sizes than that of a file: those that the file does not know are no change.
 * @param {ShownFile} file @param {string} model its text */
export function isChanged({ text }, model) {
  const [own, shown] = [text, model].map((one) => one.match(/\d+|\?/g) ?? []);
  return own?.some((size, n) => size !== "?" && size !== shown?.[n]) ?? false;
}

/** The kinds of layers in the text of a model, whose sizes may be other ones. @param {string} model */
const kindsIn = (model) => model.replace(/[\d?]+/g, "0");

/** A model without a file that was compared with one that has it, such as one in code: it keeps its side of the comparison. @typedef {{text: string}} OtherModel */

/** @param {ShownFile | OtherModel | undefined} one @returns {ShownFile | null} */
const fileOf = (one) => (one && "title" in one ? one : null);

export class OpenedFiles {
  constructor() {
    /** @type {(ShownFile | OtherModel)[]} the newest first */
    this.all = [];
    try {
      const kept = JSON.parse(sessionStorage.getItem(NAME) ?? "[]");
      if (Array.isArray(kept)) this.all = kept;
    } catch {
      // the browser blocks storage
    }
  }

  /** @param {(ShownFile | OtherModel)[]} models that are opened together */
  add(models) {
    this.all = [...models, ...this.all.filter((one) => !models.includes(one))].slice(0, MOST_FILES);
    const text = JSON.stringify(this.all);
    try {
      if (text.length <= MOST_CHARACTERS) sessionStorage.setItem(NAME, text);
      else sessionStorage.removeItem(NAME);
    } catch {
      // the files are shown until this page is left
    }
  }

  /** The files of the models on a page, one for each: the newest with the same text, or else with the same kinds of layers; null if there
   * is none. What has the same text goes first, so that no other model gets its file.
   * @param {string[]} models their texts @returns {(ShownFile | null)[]} */
  of(models) {
    const texts = models.filter(Boolean);
    const rest = texts.length > 1 ? [...this.all] : this.all.filter(fileOf);
    const take = (/** @type {number} */ at) => rest.splice(at, at < 0 ? 0 : 1)[0];
    const same = texts.map((model) => take(rest.findIndex(({ text }) => text === model)));
    return texts.map((model, n) => fileOf(same[n] ?? take(rest.findIndex(({ text }) => kindsIn(text) === kindsIn(model)))));
  }
}
