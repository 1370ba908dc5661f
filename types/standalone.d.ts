/** What the server puts before static/js/standalone.js. */

declare const Template: typeof import("../static/js/picture/template.js").Template;
