// Ticks all boxes of a group, or of the whole form, at once, and says what the next
// click does. Without this script the button brings the page back with them ticked.
const choices = [...document.querySelectorAll("[data-choose]")].map((button) => {
  const boxes = [...button.closest(button.dataset.choose).querySelectorAll("input[type=checkbox]")];
  const all = () => boxes.every((box) => box.checked);
  const say = () => { button.firstElementChild.textContent = all() ? button.dataset.none : button.dataset.all; };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const on = !all();
    for (const box of boxes) box.checked = on;
    sayAll();
  });
  button.form.addEventListener("change", say);
  return say;
});

function sayAll() {
  for (const say of choices) say();
}
sayAll(); // a browser that goes back ticks boxes anew
