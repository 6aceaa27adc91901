/* What a browser can add to pages that work without it: nothing here is needed to reach anything. */

/* A filter that is chosen applies at once; words and years wait for Enter or the button. */
for (const form of document.querySelectorAll("[data-filters]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) form.requestSubmit();
  });
}

/* Arrow keys go from picture to picture, across and down; Tab still goes through all. */
for (const wall of document.querySelectorAll(".wall, .rooms")) {
  wall.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const links = [...wall.querySelectorAll("figure > a")];
    const at = links.indexOf(event.target);
    if (at < 0) return;
    const next = {
      ArrowRight: () => links[at + 1],
      ArrowLeft: () => links[at - 1],
      ArrowDown: () => nearest(links[at], links.slice(at + 1), 1),
      ArrowUp: () => nearest(links[at], links.slice(0, at).reverse(), -1),
    }[event.key]?.();
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

/* The link in the next row (ahead is in reading order away from here) whose middle is closest to this one's. */
function nearest(link, ahead, direction) {
  const box = (element) => element.getBoundingClientRect();
  const below = (element, other) => direction * (box(element).top - box(other).top) > 8;
  const first = ahead.find((other) => below(other, link));
  const row = ahead.filter((other) => first && below(other, link) && !below(other, first));
  const away = (other) => Math.abs(box(other).left + box(other).right - box(link).left - box(link).right);
  return row.sort((one, other) => away(one) - away(other))[0];
}

/* A picture may be dropped or pasted, is shown while it is looked for, and beside what was found. */
const KEPT = "enfilade.brought";
const KEPT_SIDES = [1024, 320]; // pixels: the first for which the tab has room

for (const form of document.querySelectorAll("[data-drop]")) {
  const inputs = [...form.querySelectorAll("[type=file]")];
  const preview = form.querySelector("[data-preview]");
  const frame = preview.closest("[data-marking]") ?? preview;
  const status = form.querySelector("[data-status]");
  form.querySelector("[data-hint]").hidden = false; // what needs this script is told by it

  const show = (source) => {
    preview.src = source;
    preview.hidden = frame.hidden = false;
  };

  const bring = async (files, into = inputs[0]) => {
    const file = files[0];
    if (!file) return;
    if (file.size > Number(form.dataset.largest)) {
      status.textContent = "This file is larger than what is taken here. Bring a smaller one.";
      return;
    }
    for (const input of inputs) if (input !== into) input.value = "";
    if (into.files !== files) into.files = files;
    form.querySelector("[data-marked]")?.remove(); // it was marked on another picture
    show(URL.createObjectURL(file));
    status.textContent = "Looking for its kin…";
    await keep(file);
    form.requestSubmit();
  };

  for (const input of inputs) input.addEventListener("change", () => bring(input.files, input));
  preview.addEventListener("error", () => (frame.hidden = true)); // what the server reads, a browser may not
  document.addEventListener("paste", (event) => bring(event.clipboardData.files));

  /* Anywhere on the page: a file that misses the frame would otherwise replace the page. */
  document.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    bring(event.dataTransfer.files);
  });

  const kept = sessionStorage.getItem(KEPT);
  if (kept && form.matches(".answered:not([data-fetched])")) show(kept);
  /* Back from what was found, nothing is being looked for any more. */
  addEventListener("pageshow", () => (status.textContent = ""));
}

/* On a walk from or to a picture that was brought, show it. */
for (const picture of document.querySelectorAll("[data-brought]")) {
  const kept = sessionStorage.getItem(KEPT);
  if (!kept) continue;
  picture.src = kept;
  picture.dataset.shown = "";
}

/* Keep a copy in this tab: the answer is another page, and the server keeps no upload. */
async function keep(file) {
  sessionStorage.removeItem(KEPT);
  try {
    const bitmap = await createImageBitmap(file);
    KEPT_SIDES.some((side) => fits(smaller(bitmap, side)));
  } catch {
    /* no browser shows every kind of file */
  }
}

function fits(copy) {
  try {
    sessionStorage.setItem(KEPT, copy);
    return true;
  } catch {
    return false;
  }
}

/* A JPEG of a picture, as a data URL; what is transparent lies over white, as the server has it. */
function smaller(bitmap, side) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.9);
}

/* Copying needs a secure context; elsewhere the link itself remains. */
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).href);
    button.textContent = "Copied";
  });
}
