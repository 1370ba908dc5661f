/** The texts of the chains on standard input, as JSON. */

import { readFileSync } from "node:fs";

const { chainText } = await import(new URL("../../static/js/files/model_text.js", import.meta.url));

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map((chain) => chainText(chain, 2000).text)));
