/**
 * For pages of other sites that show a picture in a frame: sets the height of each frame of this site to that of its
 * content. A page includes it by `<script src="…/static/any/js/embed.js"></script>`; without it the frames keep the
 * height in their attributes.
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

  const requestHeights = () => frames().forEach((frame) => frame.contentWindow?.postMessage({ type: "unrolled:ask" }, "*"));
  requestHeights();
  addEventListener("load", requestHeights);
})();
