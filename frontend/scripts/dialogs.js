// data-opens="ID" opens a <dialog>, data-closes closes the one around it, and a form with
// data-ask="QUESTION" is sent only after the question was answered with yes.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens)?.showModal();
  }
  event.target.closest("[data-closes]")?.closest("dialog")?.close();
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.ask ?? form.dataset.ask;
    const dialog = document.getElementById("ask");
    if (!question || !dialog || form.dataset.answered) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    dialog.querySelector("[data-question]").textContent = question;
    dialog.returnValue = "";
    dialog.showModal();
    dialog.onclose = () => {
      if (dialog.returnValue !== "yes") return;
      form.dataset.answered = "yes";
      form.requestSubmit(event.submitter);
      delete form.dataset.answered;
    };
  },
  true,
);
