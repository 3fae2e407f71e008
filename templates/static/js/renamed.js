// A group that was renamed by a save of the page itself has its new name from here on:
// the next save must not look for the old one.
document.addEventListener("autosave:saved", ({ target, detail }) => {
  const group = target.elements.namedItem("group");
  if (group && detail.group) group.value = detail.group;
});
