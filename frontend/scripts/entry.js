// What scripts add to forms of records; every form works without them.

// the calendar writes its day into the field beside it, where drafts are listened for
function writeDay(calendar) {
  const field = document.getElementById(calendar.dataset.writes);
  if (!field || !calendar.value) return;
  field.value = calendar.value;
  calendar.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function countCharacters(counter) {
  const field = document.getElementById(counter.dataset.counts);
  if (!field) return;
  const show = () => { counter.textContent = `${[...field.value].length} ${counter.dataset.text}`; };
  counter.hidden = false;
  field.addEventListener("input", show);
  show();
}

function sayNames(input) {
  const label = input.closest("label")?.querySelector("span");
  if (label && input.files.length) label.textContent = [...input.files].map((file) => file.name).join(", ");
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-writes]")) writeDay(event.target);
  if (event.target.matches("[data-says-names]")) sayNames(event.target);
});

document.addEventListener("click", (event) => {
  const calendar = event.target.closest(".calendar-button")?.querySelector("input");
  if (calendar?.showPicker) calendar.showPicker();
});

document.querySelectorAll("[data-counts]").forEach(countCharacters);
