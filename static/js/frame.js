/** The picture alone, in a frame of another page: it tells that page its height, and sliders, where there are any, change
 * it. Its height is no secret, so any page may have it. */

const HEIGHT = "unrolled:height";
const ASKS = "unrolled:ask";

function sendHeight() {
  parent.postMessage({ type: HEIGHT, height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
}

if (parent !== window) {
  new ResizeObserver(sendHeight).observe(document.body);
  addEventListener("message", ({ data }) => data?.type === ASKS && sendHeight()); // the page was not listening yet
}

if (document.getElementById("controls")) void import("./controls/frame_sliders.js").then(({ setUpFrameSliders }) => setUpFrameSliders());
