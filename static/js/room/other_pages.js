/** On pages without a picture that follows: shows the room that this browser is in. The main page has it in main.js. */

import { saved } from "../page/storage.js";

if (saved("room")) import("./open_or_join.js").then(({ setUpRoom }) => setUpRoom(null));
