const field = document.getElementById("search"), found = document.getElementById("found");
const units = [...document.querySelectorAll("li[data-find]")];
const figures = [...document.querySelectorAll("details[data-find]")];
const holders = [...document.querySelectorAll("[data-holds]")];
function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const one of [...units, ...figures]) {
    one.hidden = !words.every(word => one.dataset.find.includes(word));
  }
  for (const holder of holders) holder.hidden = !holder.querySelector("[data-find]:not([hidden])");
  const left = list => list.filter(one => !one.hidden).length;
  found.textContent = words.length
    ? found.dataset.text.replace("{units}", left(units)).replace("{figures}", left(figures)) : "";
}
document.getElementById("finder").hidden = false;
field.addEventListener("input", search);
search();
