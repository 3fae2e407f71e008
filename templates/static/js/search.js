// The search dialog: Ctrl+K or "/" opens it, results come while one types, the
// arrows choose, Enter goes. Without scripts the magnifier is a plain link. Texts
// are set as text, never as markup; the words come from the page and the server.
const PAUSE = 180; // after the last letter, before asking
const FEWEST = 2; // letters, unless it is a number

export function bindSearch() {
  const dialog = document.querySelector("[data-search-dialog]");
  if (!dialog || typeof dialog.showModal !== "function") return;
  const field = dialog.querySelector("input[name=q]");
  const list = dialog.querySelector("[role=listbox]");
  const said = dialog.querySelector("[data-search-said]");
  let timer, asking, asked = "", chosen = -1;

  function open() {
    if (dialog.open) return;
    dialog.showModal();
    field.focus();
    field.select();
  }

  const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey || event.shiftKey) return;
    const shortcut = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !typing(event.target) && !document.querySelector("dialog[open]");
    if (!shortcut && !slash) return;
    event.preventDefault();
    open();
  });
  for (const tool of document.querySelectorAll("[data-search]")) {
    tool.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
  }
  dialog.querySelector("[data-search-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { clearTimeout(timer); asking?.abort(); });

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });

  async function ask() {
    const text = field.value.trim();
    if (text === asked) return;
    asking?.abort();
    asked = text;
    if (text.length < FEWEST && !/^\d$/.test(text)) { show([]); said.textContent = said.dataset.idle; return; }
    asking = new AbortController();
    list.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`/search?${new URLSearchParams({ q: text })}`, {
        headers: { Accept: "application/json" }, redirect: "error", signal: asking.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      show(found.groups ?? []);
      said.textContent = found.said;
    } catch (error) {
      if (error.name === "AbortError") return;
      asked = "";
      show([]);
      said.textContent = said.dataset.failed;
    }
    list.removeAttribute("aria-busy");
  }

  const options = () => [...list.querySelectorAll("[role=option]")];

  function show(groups) {
    chosen = -1;
    let n = 0;
    list.replaceChildren(...groups.map((group) => {
      const element = document.createElement("div");
      element.setAttribute("role", "group");
      element.setAttribute("aria-label", group.name);
      const head = document.createElement("div");
      head.className = "search-group";
      head.setAttribute("aria-hidden", "true");
      head.textContent = group.name;
      element.append(head, ...group.options.map((one) => option(one, `search-option-${n++}`)));
      return element;
    }));
    field.setAttribute("aria-expanded", String(n > 0));
    field.removeAttribute("aria-activedescendant");
  }

  function option(one, id) {
    const link = document.createElement("a");
    link.id = id;
    link.href = one.url;
    link.tabIndex = -1;
    link.className = "search-option";
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.append(line("search-name", one.name));
    if (one.state) {
      const state = document.createElement("span");
      state.className = "search-state";
      state.textContent = one.state;
      link.append(state);
    }
    if (one.about) link.append(line("search-about", one.about));
    return link;
  }

  function line(name, pieces) {
    const element = document.createElement("span");
    element.className = name;
    element.append(...pieces.map((piece) => {
      if (!piece.marked) return document.createTextNode(piece.text);
      const mark = document.createElement("mark");
      mark.textContent = piece.text;
      return mark;
    }));
    return element;
  }

  function choose(at) {
    const all = options();
    if (!all.length) return;
    all[chosen]?.setAttribute("aria-selected", "false");
    chosen = (at + all.length + 1) % (all.length + 1); // one past the last: the field itself
    if (chosen === all.length) { chosen = -1; field.removeAttribute("aria-activedescendant"); return; }
    all[chosen].setAttribute("aria-selected", "true");
    all[chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[chosen].id);
  }

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = options().length - 1;
    switch (event.key) {
      case "ArrowDown": choose(chosen + 1); break;
      case "ArrowUp": choose(chosen < 0 ? last : chosen - 1); break;
      default: return;
    }
    event.preventDefault();
  });

  // Without a choice the form goes to the page of all results.
  field.form.addEventListener("submit", (event) => {
    const one = options()[chosen];
    if (!one) return;
    event.preventDefault();
    location.assign(one.href);
  });
}
