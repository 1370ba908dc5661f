/** Light or dark: as the address says, else as the visitor's system is. */

export class Theme {
  constructor() {
    this.root = document.documentElement;
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    /** The theme of the state that is shown, if it has one. A page that was opened as a light one stays so: light is the
     * default, so no other state's address says it. @type {string | null | undefined} */
    this.chosen = undefined;
  }

  /** The colours of the picture. */
  get colours() {
    return this.root.dataset.theme ?? (this.dark.matches ? "dark" : "light");
  }

  /** @param {() => void} listener is called when the system's theme changes */
  onChange(listener) {
    this.dark.addEventListener("change", listener);
  }

  /** Give the page the colours of a state.
   * @param {string} search */
  follow(search) {
    const theme = new URLSearchParams(search).get("theme");
    if (theme !== this.chosen && this.chosen !== undefined) {
      if (theme) this.root.dataset.theme = theme;
      else delete this.root.dataset.theme;
    }
    this.chosen = theme;
  }
}
