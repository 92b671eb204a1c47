// Menus that open below a name are <details>: here they also close as one expects.
const MENUS = "details.drop, .menu-more > details";
const openMenus = () => [...document.querySelectorAll(MENUS)].filter((menu) => menu.open);

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
