/** Menus are <details>: Escape, a press elsewhere and a choice close them. */

export function setUpMenus() {
  document.addEventListener(
    "keydown",
    (event) => {
      const menu = menuOf(event);
      if (event.key !== "Escape" || !menu?.open) return;
      event.stopPropagation(); // it does nothing else
      close(menu);
    },
    { capture: true },
  );
  document.addEventListener("pointerdown", (event) => {
    for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll(".menu[open]"))) {
      if (menu !== menuOf(event)) menu.open = false;
    }
  });
  document.addEventListener("click", (event) => {
    const menu = menuOf(event);
    if (menu && /** @type {Element} */ (event.target).closest(".menu-list a")) close(menu);
  });
}

/** @param {Event} event @returns {HTMLDetailsElement | null} */
const menuOf = ({ target }) => /** @type {Element} */ (target).closest(".menu");

/** @param {HTMLDetailsElement} menu */
function close(menu) {
  menu.open = false;
  menu.querySelector("summary")?.focus();
}
