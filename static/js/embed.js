/**
 * For pages that show a picture of Unrolled in a frame: each frame of this site becomes as high as what is in it. A
 * page includes it by `<script src="…/static/any/js/embed.js"></script>`; without it the frames keep the height that
 * they were given.
 */
(() => {
  const own = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src).origin;
  const frames = () => [...document.querySelectorAll("iframe")].filter((frame) => frame.src.startsWith(`${own}/`));

  addEventListener("message", ({ data, origin, source }) => {
    if (origin !== own || data?.type !== "unrolled:height" || !(data.height > 0)) return;
    for (const frame of frames()) {
      if (frame.contentWindow !== source) continue;
      frame.style.aspectRatio = "auto";
      frame.style.height = `${data.height}px`;
    }
  });

  const ask = () => frames().forEach((frame) => frame.contentWindow?.postMessage({ type: "unrolled:ask" }, "*"));
  ask();
  addEventListener("load", ask);
})();
