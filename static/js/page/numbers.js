/** How numbers are written for readers: as app/translations/numbers.py does it. */

/** A number with its thousands in groups: 1,024. @param {number | string | null} n */
export function grouped(n) {
  return Number(n).toLocaleString("en");
}
