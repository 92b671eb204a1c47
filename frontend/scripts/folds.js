// What is folded opens when a link leads to it, and while the page is printed.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target?.closest("details.fold");
  if (!fold || fold.open) return;
  fold.open = true;
  fold.scrollIntoView();
}

let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open])")];
  for (const fold of folded) fold.open = true;
});
window.addEventListener("afterprint", () => {
  for (const fold of folded) fold.open = false;
});
window.addEventListener("hashchange", openTarget);
openTarget();
