/** How numbers are written for readers: as app/translations/numbers.py does it. */

const FORMAT = new Intl.NumberFormat("en");

/** A number with its thousands in groups: 1,024. @param {number | string | null} n */
export function grouped(n) {
  const number = Number(n);
  return Number.isInteger(number) && Math.abs(number) < 1000 ? String(number) : FORMAT.format(number); // faster
}

/** A number from 0 on with two significant digits, also if the second one is 0. @param {number} value */
export function twoDigits(value) {
  const text = value.toPrecision(2);
  return text.includes("e") ? String(Number(text)) : text;
}

/** A share from 0 to 1 in percent, without the sign. Only all of something is 100. @param {number} share */
export function percentage(share) {
  return share === 1 ? "100" : (100 * share).toFixed(1);
}
