/**
 * The picture alone, within a page of others: it says how high it is, and sliders, where there are any, change it. What is
 * said outside is no secret, so anybody may hear it.
 */

const HEIGHT = "unrolled:height";
const ASKS = "unrolled:ask";

function tell() {
  parent.postMessage({ type: HEIGHT, height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
}

if (parent !== window) {
  new ResizeObserver(tell).observe(document.body);
  addEventListener("message", ({ data }) => data?.type === ASKS && tell()); // the page was not listening yet
}

if (document.getElementById("controls")) void import("./controls/frame_sliders.js");
