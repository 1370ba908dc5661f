/** Evaluates templates for other sizes, and compares the figures with those of the server. Reads lines with a template and cases. */

import { createInterface } from "node:readline";

import { Template } from "../../static/js/picture/template.js";

/** Gaps of 0, which only templates write. */
const NO_GAP = / dx="-?0\.0"/g;

const counts = { equal: 0, invalid: 0 };
const different = [];

for await (const line of createInterface({ input: process.stdin })) {
  const { query, template, cases } = JSON.parse(line);
  const evaluated = new Template(template);
  for (const { sizes, figure } of cases) {
    const own = evaluated.figure(sizes);
    if (own === null) counts.invalid += 1;
    else {
      const difference = firstDifference(own, figure);
      if (difference) different.push(`${query} ${JSON.stringify(sizes)}: ${difference}`);
      else counts.equal += 1;
    }
  }
}
console.log(JSON.stringify({ ...counts, different }));

/** Where two values differ first, or nothing. */
function firstDifference(own, server, path = "figure") {
  if (typeof own === "string") own = own.replace(NO_GAP, "");
  if (own === null || typeof own !== "object" || typeof server !== "object") {
    return Object.is(own, server) ? "" : `${path} is ${inShort(own, server)}, not ${inShort(server, own)}`;
  }
  for (const key of new Set([...Object.keys(own), ...Object.keys(server)])) {
    const found = firstDifference(own[key], server[key], `${path}.${key}`);
    if (found) return found;
  }
  return "";
}

/** A value; of a long text the part around its first difference from another one. */
function inShort(value, other) {
  if (typeof value !== "string" || value.length < 200) return JSON.stringify(value);
  let k = 0;
  while (k < value.length && value[k] === other[k]) k++;
  return JSON.stringify(value.slice(Math.max(0, k - 60), k + 60));
}
