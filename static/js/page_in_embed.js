/** A picture in a frame of another site's page: sends its height to that page, and sets up the sliders if it has any. The
 * height is not confidential, so the message goes to any origin. */

const HEIGHT = "unrolled:height";
const REQUEST = "unrolled:ask";

function sendHeight() {
  parent.postMessage({ type: HEIGHT, height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
}

if (parent !== window) {
  new ResizeObserver(sendHeight).observe(document.body);
  addEventListener("message", ({ data }) => data?.type === REQUEST && sendHeight()); // from a page that loaded its script later
}

if (document.getElementById("controls")) void import("./controls/embed_sliders.js").then(({ setUpEmbedSliders }) => setUpEmbedSliders());
