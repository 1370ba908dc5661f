/** A swipe with one finger over the picture goes to the next or previous step. */

/** It listens to pointer events: those of touches go to the element that was touched, and do not bubble to the frame
 * once the picture was drawn anew during the swipe.
 * @param {HTMLElement} frame */
export function listenForSwipes(frame) {
  /** The start of a touch by a single finger. @type {PointerEvent | undefined} */
  let finger;
  frame.addEventListener("pointerdown", (down) => {
    finger = down.pointerType === "touch" && down.isPrimary ? down : undefined;
  });
  addEventListener("pointercancel", () => (finger = undefined)); // the page scrolls, or is zoomed
  addEventListener("pointerup", (up) => {
    if (up.pointerId !== finger?.pointerId || frame.closest(".training")) return; // it has no steps
    const across = up.clientX - finger.clientX;
    const isAcross = Math.abs(across) >= 60 && Math.abs(across) >= 2 * Math.abs(up.clientY - finger.clientY);
    finger = undefined;
    if (!isAcross) return;
    const step = document.querySelector(`#steps a[rel="${across < 0 ? "next" : "prev"}"]`);
    /** @type {HTMLElement | null} */ (step)?.click();
  });
}
