/* Beside what was found, the picture that was brought can be searched by again: another likeness, other filters, or a part
   of it that is marked. The server keeps no upload, so what is sent is the copy that this tab kept. */

const KEPT = "enfilade.brought"; // by enfilade.js, which has shown it before this runs
const LEAST = 0.03; // of a side: what is smaller was a click

for (const form of document.querySelectorAll(".answered[data-drop]")) {
  const frame = form.querySelector("[data-marking]:not([hidden])");
  const kept = sessionStorage.getItem(KEPT);
  if (!frame || !kept) continue;
  bringAgain(form, kept);
  mark(form, frame.querySelector("svg"));
}

/* Put the copy into the form, until another picture is chosen. */
function bringAgain(form, kept) {
  const bytes = Uint8Array.from(atob(kept.split(",")[1]), (character) => character.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], "picture.jpg", { type: "image/jpeg" }));
  const { file, url } = form.elements;
  file.files = files.files;
  url?.addEventListener("input", () => (url.value ? (file.value = "") : (file.files = files.files)));
}

/* Let a rectangle be dragged over the picture; the select beside it says the same, to the keyboard and the server. */
function mark(form, sheet) {
  const part = form.elements.crop;
  const status = form.querySelector("[data-status]");
  let start = null;

  const chosen = () => (part.value ? part.value.split(",").map(Number) : null);
  const at = (event) => {
    const box = sheet.getBoundingClientRect();
    const within = (place) => Math.min(1, Math.max(0, place));
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  };
  const stop = () => {
    start = null;
    draw(sheet, chosen());
  };

  sheet.addEventListener("pointerdown", (event) => {
    if (event.button || !event.isPrimary) return;
    start = at(event);
    sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (start && event.isPrimary) draw(sheet, between(start, at(event)));
  });
  sheet.addEventListener("pointerup", (event) => {
    if (!start || !event.isPrimary) return;
    const marked = between(start, at(event));
    if (Math.min(marked[2], marked[3]) < LEAST) return stop();
    choose(part, marked);
    stop();
    status.textContent = "Looking for what is like this part…";
    form.requestSubmit();
  });
  sheet.addEventListener("pointercancel", stop);
  part.addEventListener("change", stop);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !(start || part.value)) return;
    if (!start) part.value = "";
    stop();
  });
  stop();
}

/* The rectangle between two corners: x, y, width, height. */
function between([left, top], [right, bottom]) {
  return [Math.min(left, right), Math.min(top, bottom), Math.abs(right - left), Math.abs(bottom - top)];
}

function choose(part, marked) {
  const value = marked.map((side) => side.toFixed(4)).join(",");
  const option = part.querySelector("[data-marked]") ?? part.appendChild(new Option("The part you marked"));
  option.dataset.marked = "";
  option.value = value;
  option.selected = true;
}

/* Dim what lies outside of a rectangle; without one, nothing. */
function draw(sheet, marked) {
  const [x, y, width, height] = marked ?? [0, 0, 0, 0];
  const outside = `M0 0H1V1H0Z M${x} ${y}h${width}v${height}h${-width}Z`;
  sheet.querySelector("path").setAttribute("d", marked ? outside : "");
  const edge = { x, y, width, height };
  for (const name in edge) sheet.querySelector("rect").setAttribute(name, edge[name]);
}
