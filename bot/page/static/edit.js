"use strict";

// Edits lines in place, shows their history, and redacts after a question. What is
// said of it goes to a live region (page.js); focus goes back to where it came from.

const dialog = document.getElementById("redact");
const mould = document.getElementById("editor").content.firstElementChild;
let open = null; // the one editor: {line, form, box, was, back, warned, asked, taken}

function complain(place, text) {
  place.textContent = text;
  place.hidden = !text;
}

function words(line) {
  return line.querySelector(".text").textContent;
}

async function ask(line, what, body) {
  const number = line.id.replace("line-", "");
  const url = `${location.pathname}/lines/${number}/${what}`;
  try {
    const answer = await fetch(url, body && {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ version: Number(line.dataset.version), ...body }),
    });
    if (!body) return answer.ok ? await answer.text() : null;
    return { ok: answer.ok, ...(await answer.json()) };
  } catch {
    return null; // no network, or no JSON: a session that is over is a page
  }
}

// Puts what stands now into the line; the line itself stays, and with it the focus.
function stand(line, answer) {
  if (answer.said === undefined) return;
  line.dataset.version = answer.version;
  const said = line.querySelector(".said");
  said.innerHTML = answer.said; // made by the page's own template, escaped there
  tellTimes(said);
  if (open !== null && open.line === line) {
    if (!isChanged()) open.box.value = answer.text;
    open.was = answer.text;
  }
  if (!answer.gone) return;
  line.dataset.gone = "";
  line.querySelector("button.edit")?.remove();
}

function isChanged() {
  return open !== null && open.box.value !== open.was;
}

// Says whether there are words in the box that would be lost, and says so to whoever
// goes on to something else.
function isUnsaved(text) {
  if (!isChanged()) return false;
  open.warned = true;
  complain(open.form.querySelector(".trouble"), text);
  open.box.focus();
  return true;
}

function close() {
  if (open === null) return;
  const { line, form, back } = open;
  open = null;
  form.remove();
  (back.isConnected ? back : line).focus();
}

function edit(line, back) {
  if (open !== null && open.line === line) return open.box.focus();
  if (isUnsaved(mould.dataset.unsaved)) return;
  if (open !== null) close();
  tell("");
  const form = mould.cloneNode(true);
  const box = form.querySelector("textarea");
  box.value = words(line);
  form.setAttribute("aria-label", line.querySelector("button.edit").ariaLabel);
  open = { line, form, box, was: box.value, back, warned: false, asked: null, taken: null };
  line.append(form);
  fit(box);
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
  form.scrollIntoView({ block: "nearest" });
}

function fit(box) {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

async function save() {
  const mine = open;
  const { line, form, box } = mine;
  const button = form.querySelector(".save");
  if (button.disabled) return;
  if (!isChanged()) return close();
  button.disabled = box.readOnly = true;
  const answer = await ask(line, "edit", { text: box.value });
  button.disabled = box.readOnly = false;
  const said = answer === null ? form.dataset.offline : answer.told;
  if (answer !== null) stand(line, answer);
  if (open !== mine) return tell(said); // left, or in another line, meanwhile
  if (answer !== null && (answer.ok || answer.gone)) {
    close();
    return tell(said);
  }
  complain(form.querySelector(".trouble"), said);
  box.focus();
}

async function showHistory() {
  const { line, form, box } = open;
  const button = form.querySelector(".history");
  const place = form.querySelector(".wordings-of");
  const shown = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!shown));
  place.hidden = shown;
  if (shown) return;
  const html = await ask(line, "history");
  if (html === null) return complain(form.querySelector(".trouble"), form.dataset.offline);
  place.innerHTML = html;
  for (const wording of place.querySelectorAll(".wording")) wording.lang = box.lang;
  tellTimes(place);
  form.scrollIntoView({ block: "nearest" });
}

// Puts an earlier wording into the box; over words that are nowhere else, only when it
// is pressed once more.
function take(button) {
  const { form, box } = open;
  const wording = button.closest("dd").querySelector(".wording").textContent;
  const trouble = form.querySelector(".trouble");
  const isLost = isChanged() && ![wording, open.taken].includes(box.value);
  if (isLost && open.asked !== button) {
    open.asked = button;
    return complain(trouble, form.dataset.replaces);
  }
  open.asked = null;
  complain(trouble, "");
  box.value = open.taken = wording;
  fit(box);
  box.focus();
}

// Characters as the record counts them: a page's strings count some of them twice.
function length(text) {
  return [...text].length;
}

function wholeWords(text, start, end) {
  while (start < end && /\s/.test(text[start])) start += 1;
  while (end > start && /\s/.test(text[end - 1])) end -= 1;
  while (start > 0 && start < end && !/\s/.test(text[start - 1])) start -= 1;
  while (end < text.length && start < end && !/\s/.test(text[end])) end += 1;
  return [start, end];
}

// Asks, and redacts what is chosen of the line, or all of it.
function redact(line, back, start, end) {
  const own = open !== null && open.line === line;
  if (isUnsaved(own ? mould.dataset.first : mould.dataset.unsaved)) return;
  tell("");
  const text = words(line);
  [start, end] = wholeWords(text, start, end);
  const some = start < end && (start > 0 || end < text.length);
  const part = some ? [length(text.slice(0, start)), length(text.slice(0, end))] : null;
  dialog.querySelector("blockquote").textContent = some ? text.slice(start, end) : text;
  const trouble = dialog.querySelector(".trouble");
  const [keep, yes] = dialog.querySelectorAll("button");
  complain(trouble, "");
  keep.disabled = yes.disabled = false;
  yes.onclick = async () => {
    keep.disabled = yes.disabled = true; // what is under way cannot be kept any more
    const answer = await ask(line, "redact", { part });
    keep.disabled = false;
    if (answer !== null) stand(line, answer);
    if (answer !== null && answer.ok) {
      // Sound and quotes elsewhere on the page are others now.
      sessionStorage.setItem("told", JSON.stringify([line.id, answer.told]));
      open = null;
      return location.reload();
    }
    // Where other words stand by now, these are not the ones that were chosen.
    yes.disabled = answer !== null && answer.said !== undefined;
    complain(trouble, answer === null ? mould.dataset.unknown : answer.told);
    keep.focus();
  };
  dialog.oncancel = (event) => { if (keep.disabled) event.preventDefault(); };
  dialog.onclose = () => (back.isConnected ? back : line).focus();
  dialog.returnValue = "";
  dialog.showModal();
}

function redactChosen() {
  const { line, form, box } = open;
  redact(line, form.querySelector(".redact"), box.selectionStart, box.selectionEnd);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  const line = button.closest(".lines > li");
  if (button.matches(".edit")) edit(line, button);
  else if (button.matches(".editor .leave")) close();
  else if (button.matches(".editor .history")) showHistory();
  else if (button.matches(".editor .redact")) redactChosen();
  else if (button.matches(".editor .take")) take(button);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".editor")) return;
  event.preventDefault();
  save();
});

document.addEventListener("input", (event) => {
  if (open === null || event.target !== open.box) return;
  open.warned = false;
  open.asked = null;
  complain(open.form.querySelector(".trouble"), "");
  fit(open.box);
});

document.addEventListener("keydown", (event) => {
  const inEditor = open !== null && open.form.contains(event.target);
  if (inEditor && event.key === "Escape") {
    event.preventDefault();
    if (isChanged() && !open.warned) {
      open.warned = true;
      complain(open.form.querySelector(".trouble"), open.form.dataset.unsaved);
    } else close();
    return;
  }
  if (open !== null && event.target === open.box && event.key === "Enter") {
    if (event.isComposing || event.shiftKey) return;
    event.preventDefault();
    save();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const line = event.target;
  if (!line.matches(".lines > li[id]") || line.dataset.gone !== undefined) return;
  if (event.key === "e") edit(line, line);
  else if (event.key === "h") {
    edit(line, line);
    if (open !== null && open.line === line) showHistory();
  } else if (event.key === "r") redact(line, line, 0, 0);
  else return;
  event.preventDefault();
});

window.addEventListener("beforeunload", (event) => {
  if (isChanged()) event.preventDefault();
});

const before = JSON.parse(sessionStorage.getItem("told"));
if (before !== null) {
  sessionStorage.removeItem("told");
  // Not before a browser has scrolled to where the page was, which is elsewhere now.
  window.addEventListener("load", () => {
    document.getElementById(before[0])?.focus();
    tell(before[1]);
  });
}
