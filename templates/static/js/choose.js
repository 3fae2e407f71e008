// Ticks all boxes of a group, or of the whole form, at once. Without this script the
// button brings the page back with them ticked.
for (const button of document.querySelectorAll("[data-choose]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const within = button.closest(button.dataset.choose);
    const boxes = [...within.querySelectorAll("input[type=checkbox]")];
    const on = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = on;
  });
}
