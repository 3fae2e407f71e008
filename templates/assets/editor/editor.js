// The rich editor of a narrative, over the textarea marked data-editor. The
// textarea stays what the form sends: the editor writes the notation into it and
// tells so by an input event. Asked by an "editor:reload" event on the textarea,
// it reads it anew. All words stand in the page.
import { Editor } from "@tiptap/core";
import { Fragment, Slice } from "@tiptap/pm/model";
import { fromDocument, toDocument } from "./document.js";
import { parse, write } from "./notation.js";
import { readHTML } from "./paste.js";
import { extensions } from "./schema.js";
import { place } from "./tables.js";
import { bindToolbar } from "./toolbar.js";

export { fromDocument, parse, readHTML, toDocument, write };

export function bindEditor(area) {
  const box = document.querySelector(`[data-editor-box="${area.id}"]`);
  const surface = box.querySelector("[data-editor-surface]");
  const said = box.querySelector("[data-editor-said]");
  let standing; // the notation of what the editor shows

  const editor = new Editor({
    element: surface,
    extensions,
    injectCSS: false,
    content: read(),
    editorProps: {
      attributes: {
        id: `${area.id}-editor`, role: "textbox", "aria-multiline": "true", class: "editor-text prose-read",
        "aria-labelledby": `${area.id}-label`, "aria-describedby": `${area.dataset.editor ?? ""} ${area.id}-keys`.trim(),
        spellcheck: "false", ...(area.getAttribute("aria-invalid") ? { "aria-invalid": "true" } : {}),
      },
      // Before the editor's own reading, which would parse what is foreign whole.
      handleDOMEvents: { paste: (view, event) => take(view, event, event.clipboardData), drop },
      clipboardTextParser: (text) => sliceOf(parse(text.normalize("NFC"))),
      handleKeyDown: (view, event) => {
        if (event.key !== "Escape") return false;
        toolbar.focus();
        return true;
      },
    },
    onUpdate: ({ editor }) => {
      const text = write(fromDocument(editor.getJSON()));
      if (text === standing) return;
      standing = text;
      area.value = text;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });

  const toolbar = bindToolbar(editor, box.querySelector("[role=toolbar]"));

  function read() {
    const blocks = parse(area.value);
    standing = write(blocks);
    return toDocument(blocks);
  }

  function reload() {
    if (write(parse(area.value)) === standing) return;
    editor.commands.setContent(read(), { emitUpdate: false });
  }

  function sliceOf(blocks) {
    const { schema } = editor;
    if (!blocks.length) return Slice.empty;
    if (place(editor.state)) {
      const runs = blocks.flatMap((block, at) => [...(at ? [{ text: " " }] : []), ...(block.runs ?? block.rows.flat(2))]);
      return new Slice(schema.nodeFromJSON(toDocument([{ kind: "paragraph", runs }])).firstChild.content, 0, 0);
    }
    return Slice.maxOpen(Fragment.from(schema.nodeFromJSON(toDocument(blocks)).content));
  }

  // take reads what comes from elsewhere; what was copied here stays as it is.
  function take(view, event, data) {
    const html = data?.getData("text/html") ?? "";
    say({});
    if (!html && !data?.files.length || /data-pm-slice/.test(html)) return false;
    event.preventDefault();
    if (!html) { say({ pictures: data.files.length }); return true; }
    const { blocks, dropped } = readHTML(html);
    say(dropped);
    view.dispatch(view.state.tr.replaceSelection(sliceOf(blocks)).scrollIntoView().setMeta("paste", true));
    return true;
  }

  function drop(view, event) {
    if (view.dragging) return false; // moved within the editor
    const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
    if (at) editor.commands.setTextSelection(at.pos);
    return take(view, event, event.dataTransfer);
  }

  // say tells what a paste has dropped, in the page's words.
  function say(dropped) {
    const parts = Object.entries(dropped).map(([what, count]) => said.dataset[what]?.replace("%d", count)).filter(Boolean);
    const line = said.firstElementChild;
    line.hidden = !parts.length;
    line.querySelector("span").textContent = parts.length ? `${said.dataset.lead} ${parts.join(", ")}.` : "";
  }

  said.querySelector("[data-editor-hush]").addEventListener("click", () => { say({}); editor.commands.focus(); });
  // Native input events of the surface are not the form's.
  surface.addEventListener("input", (event) => event.stopPropagation());
  area.addEventListener("editor:reload", reload);
  document.getElementById(`${area.id}-label`).addEventListener("click", () => { if (!box.hidden) editor.commands.focus(); });
  for (const link of document.querySelectorAll(`a[href="#${CSS.escape(area.id)}"]`)) {
    link.addEventListener("click", () => { if (!box.hidden) editor.commands.focus(); });
  }

  const hints = document.querySelectorAll("[data-plain-only]");
  const toPlain = document.querySelector("[data-editor-plain]"), toRich = document.querySelector("[data-editor-rich]");
  function show(rich) {
    if (rich) reload();
    box.hidden = toPlain.hidden = !rich;
    area.hidden = toRich.hidden = rich;
    for (const one of hints) one.hidden = rich;
  }
  toRich.addEventListener("click", () => { show(true); editor.commands.focus(); });
  toPlain.addEventListener("click", () => { show(false); area.focus(); });
  show(true);
  return editor;
}

for (const area of document.querySelectorAll("textarea[data-editor]")) bindEditor(area);
