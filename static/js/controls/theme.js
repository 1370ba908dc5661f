/** Light or dark: what the address asks for, else what the visitor's system does. */

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** The theme of the state that is shown, if it has one. A page that was opened as a light one stays so: light is the
 * default, so no other state's address says it. @type {string | null | undefined} */
let asked;

/** The colours of the picture. */
export const colours = () => root.dataset.theme ?? (dark.matches ? "dark" : "light");

/** @param {() => void} listener */
export function onThemeChange(listener) {
  dark.addEventListener("change", listener);
}

/** Give the page the colours of a state.
 * @param {string} search */
export function followTheme(search) {
  const theme = new URLSearchParams(search).get("theme");
  if (theme !== asked && asked !== undefined) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  }
  asked = theme;
}
