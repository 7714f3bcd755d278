"use strict";
for (const figure of document.querySelectorAll("figure.frames")) {
  const frames = [...figure.querySelectorAll(".frame")];
  const control = figure.querySelector(".control");
  const slider = control.querySelector("input");
  const shown = control.querySelector("output");
  const show = () => {
    const at = Number(slider.value);
    frames.forEach((frame, index) => { frame.hidden = index !== at; });
    shown.textContent = frames[at].dataset.day;
    slider.setAttribute("aria-valuetext", frames[at].dataset.day);
  };
  control.hidden = false;
  slider.addEventListener("input", show);
  show();
}
// What is folded is printed, too.
const folded = [...document.querySelectorAll("details")];
let opened = [];
window.addEventListener("beforeprint", () => {
  opened = folded.filter((details) => !details.open);
  opened.forEach((details) => { details.open = true; });
  document.querySelectorAll(".frame").forEach((frame) => { frame.dataset.hidden = frame.hidden; frame.hidden = false; });
});
window.addEventListener("afterprint", () => {
  opened.forEach((details) => { details.open = false; });
  document.querySelectorAll(".frame").forEach((frame) => { frame.hidden = frame.dataset.hidden === "true"; });
});
