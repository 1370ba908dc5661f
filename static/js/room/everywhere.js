/** On pages without a picture that follows: shows the room that this browser is in. The main page has it in main.js. */

import { saved } from "../page/storage.js";

if (saved("room")) import("./room.js").then(({ setUpRoom }) => setUpRoom(null));
