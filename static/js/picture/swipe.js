/** A swipe with one finger over the picture goes to the next or previous step. */

/** @param {HTMLElement} frame */
export function listenForSwipes(frame) {
  /** The start of a touch by a single finger. @type {Touch | undefined} */
  let finger;
  frame.addEventListener("touchstart", ({ touches }) => (finger = touches.length === 1 ? touches[0] : undefined), {
    passive: true,
  });
  frame.addEventListener("touchend", ({ changedTouches: [up] }) => {
    if (!finger || !up || frame.closest(".training")) return; // it has no steps
    const across = up.clientX - finger.clientX;
    if (Math.abs(across) < 60 || Math.abs(across) < 2 * Math.abs(up.clientY - finger.clientY)) return;
    const step = document.querySelector(`#steps a[rel="${across < 0 ? "next" : "prev"}"]`);
    /** @type {HTMLElement | null} */ (step)?.click();
  });
}
