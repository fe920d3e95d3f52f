"use strict";

// Plays what a line says and keeps the line that is heard in sight.

const player = document.getElementById("player");
const track = document.getElementById("track");
const lines = [...document.querySelectorAll(".lines > li")];
const told = document.getElementById("told");
let stopAt = null;
let telling = 0;

// Shows a text above the player and has it read out; "" takes it away.
function tell(text) {
  told.textContent = "";
  clearTimeout(telling);
  telling = setTimeout(() => { // later, so that the same words are read out again
    told.textContent = text;
    const room = told.parentElement.offsetHeight;
    document.documentElement.style.scrollPaddingBottom = `${room + 10}px`;
    if (text) document.activeElement.scrollIntoView({ block: "nearest" });
  }, 50);
}

function offset() {
  return Number(track.selectedOptions[0].dataset.offset);
}

function choose() {
  const at = player.src ? player.currentTime : 0;
  player.src = track.value;
  player.currentTime = at;
}

// One voice's sound has nothing of another's line: theirs is taken where there is one.
function hear(user) {
  const chosen = track.selectedOptions[0].dataset.user;
  if (!chosen || chosen === user) return;
  const theirs = [...track.options].find((option) => option.dataset.user === user);
  if (!theirs) return;
  theirs.selected = true;
  choose();
}

function play(start, end) {
  if (!player) return;
  stopAt = end;
  player.currentTime = Math.max(0, start - offset());
  player.play().catch(() => {}); // what does not load is told by its error
}

// Plays a line or an interval: something with a start, an end and, mostly, a speaker.
function playSpan(one) {
  if (!player) return;
  if (one.dataset.user) hear(one.dataset.user);
  play(Number(one.dataset.start), Number(one.dataset.end) + 0.3);
}

// Leads to what was said at a moment: to its line, and to its sound.
function lead(at) {
  const line = lines.findLast((one) => Number(one.dataset.start) <= at) || lines[0];
  if (line) line.focus();
  if (player && line) hear(line.dataset.user);
  play(at, null);
}

function step(by) {
  const here = lines.indexOf(document.activeElement.closest(".lines > li"));
  const next = lines[Math.min(lines.length - 1, Math.max(0, here + by))];
  if (next) next.focus();
}

document.addEventListener("click", (event) => {
  const span = event.target.closest("button.span");
  const time = event.target.closest("button.time");
  const timeline = event.target.closest("svg[data-seconds]");
  const line = time && time.closest(".lines > li");
  const from = (at) => (event.target.closest("[data-leads]") ? lead(at) : play(at, null));
  if (span || line) playSpan(span || line);
  else if (time) from(Number(time.dataset.start));
  else if (timeline) {
    const box = timeline.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    from(part * Number(timeline.dataset.seconds));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("select, input, textarea, dialog")) return;
  const line = event.target.closest(".lines > li");
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "Enter" && event.target === line) playSpan(line);
  else if (event.key === " " && player && !event.target.closest("button")) {
    if (player.paused) player.play().catch(() => {});
    else player.pause();
  } else return;
  event.preventDefault();
});

if (player) {
  player.addEventListener("error", () => tell(player.dataset.trouble));
  choose();
  track.addEventListener("change", choose);
  player.addEventListener("timeupdate", () => {
    const at = player.currentTime + offset();
    if (stopAt !== null && at >= stopAt) {
      player.pause();
      stopAt = null;
    }
    for (const line of lines) {
      const now = at >= Number(line.dataset.start) && at < Number(line.dataset.end);
      const was = line.classList.contains("now");
      line.classList.toggle("now", now);
      if (now && !was && !player.paused) line.scrollIntoView({ block: "nearest" });
    }
  });
}
