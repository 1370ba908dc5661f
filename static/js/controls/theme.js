/** The theme, light or dark: from the address, else from the system. */

export class Theme {
  constructor() {
    this.root = document.documentElement;
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    /** The theme of the present state, if it has one. A page that was opened with theme=light stays light: light is the
     * default, so later addresses leave it out. @type {string | null | undefined} */
    this.chosen = undefined;
  }

  /** The colours of the picture. */
  get colours() {
    return this.root.dataset.theme ?? (this.dark.matches ? "dark" : "light");
  }

  /** @param {() => void} listener called when the theme of the system changes */
  onChange(listener) {
    this.dark.addEventListener("change", listener);
  }

  /** Apply the theme of a state.
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
