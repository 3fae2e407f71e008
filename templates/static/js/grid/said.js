// sayings puts sentences of the element's data- attributes together: "#" is the
// number, "*" the list. Those of nothing are left out, but "none".
export function sayings(element) {
  const most = 8;
  const listed = (list) => list.slice(0, most).join(", ") + (list.length > most ? ", …" : "");
  return (sentences) => {
    element.textContent = sentences.filter(([name, n]) => n > 0 || name === "none")
      .map(([name, n, list = []]) => element.dataset[name].replace("#", n).replace("*", () => listed(list))).join(" ");
    element.hidden = element.textContent === "";
  };
}

// pointTo keeps the link to the nearest thing to mend, as the server found it.
export function pointTo(form, address) {
  const link = form.querySelector("[data-problem]");
  if (!link) return;
  link.hidden = !address;
  if (address) link.setAttribute("href", address);
}
