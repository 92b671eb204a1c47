// Rectangles drawn over a picture become numbers in the form's rows; numbers typed are drawn.
const SVG = "http://www.w3.org/2000/svg";
const NAMES = ["left", "top", "width", "height"];
const SMALLEST = 0.5; // percent: less is a tap, not a part of the picture

const form = document.querySelector("[data-redact]");
if (form) begin(form);

function begin(form) {
  const canvas = form.querySelector("svg");
  const rows = form.querySelector("[data-rows]");
  let start = null;

  canvas.addEventListener("pointerdown", (event) => {
    start = place(canvas, event);
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (start) draw(canvas, [...typed(rows), between(start, place(canvas, event))]);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!start) return;
    const part = between(start, place(canvas, event));
    start = null;
    if (part.width >= SMALLEST && part.height >= SMALLEST) fill(form, rows, part);
    draw(canvas, typed(rows));
  });
  canvas.addEventListener("pointercancel", () => {
    start = null;
    draw(canvas, typed(rows));
  });
  rows.addEventListener("input", () => draw(canvas, typed(rows)));
  draw(canvas, typed(rows));
}

function place(canvas, event) {
  const box = canvas.getBoundingClientRect();
  const within = (part) => Math.min(100, Math.max(0, part * 100));
  return {
    x: within((event.clientX - box.left) / box.width),
    y: within((event.clientY - box.top) / box.height),
  };
}

function between(a, b) {
  return {
    left: Math.min(a.x, b.x),
    top: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

function field(row, name) {
  return row.querySelector(`input[name$="-${name}"]`);
}

function typed(rows) {
  return [...rows.querySelectorAll("[data-row]")]
    .map((row) => Object.fromEntries(NAMES.map((name) => [name, field(row, name).valueAsNumber])))
    .filter((part) => NAMES.every((name) => Number.isFinite(part[name])));
}

function draw(canvas, parts) {
  canvas.replaceChildren(
    ...parts.map((part) => {
      const rect = document.createElementNS(SVG, "rect");
      rect.setAttribute("x", part.left);
      rect.setAttribute("y", part.top);
      rect.setAttribute("width", part.width);
      rect.setAttribute("height", part.height);
      return rect;
    }),
  );
}

function fill(form, rows, part) {
  const row = [...rows.querySelectorAll("[data-row]")].find((one) =>
    NAMES.every((name) => field(one, name).value === ""),
  ) ?? addRow(form, rows);
  if (!row) return;
  for (const name of NAMES) field(row, name).value = part[name].toFixed(1);
}

function addRow(form, rows) {
  const total = form.querySelector('input[name$="-TOTAL_FORMS"]');
  const most = Number(form.querySelector('input[name$="-MAX_NUM_FORMS"]').value);
  const number = Number(total.value);
  if (number >= most) return null;
  const row = rows.lastElementChild.cloneNode(true);
  for (const part of row.querySelectorAll("[name], [id], [for]")) {
    for (const name of ["name", "id", "for"]) {
      const value = part.getAttribute(name);
      if (value) part.setAttribute(name, value.replace(/-\d+-/, `-${number}-`));
    }
    if ("value" in part) part.value = "";
  }
  const legend = row.querySelector("legend");
  legend.textContent = legend.textContent.replace(/\d+/, String(number + 1));
  rows.append(row);
  total.value = String(number + 1);
  return row;
}
