// A part of a page that could not be fetched says so in a sentence; the texts are on <body>.
const say = (text) => {
  const box = document.createElement("div");
  box.className = "toast-box toast-error";
  const line = document.createElement("p");
  line.textContent = text;
  box.append(line);
  const place = document.querySelector(".toasts");
  place?.replaceChildren(box);
  place?.scrollIntoView({ block: "nearest" });
};

document.addEventListener("htmx:sendError", () => say(document.body.dataset.noConnection));
document.addEventListener("htmx:timeout", () => say(document.body.dataset.noConnection));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 422) return;
  say(document.body.dataset.refused);
});
