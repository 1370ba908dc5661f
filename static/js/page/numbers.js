/** How numbers are written for readers: as app/translations/numbers.py does it. */

const FORMAT = new Intl.NumberFormat("en");

/** A number with its thousands in groups: 1,024. @param {number | string | null} n */
export function grouped(n) {
  const number = Number(n);
  return Number.isInteger(number) && Math.abs(number) < 1000 ? String(number) : FORMAT.format(number); // faster
}
