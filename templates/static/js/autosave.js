// Saves a form marked data-autosave after a pause in typing. The words of each
// state stand in the form's state element, so that no language is in scripts.
//
// The server answers JSON: {saved, version} or {saved, versions, unread, hash} (200;
// unread counts the texts that it could not take, hash is what a decision on the same page
// is bound to from now on), or 409
// when somebody else has saved since: the form is then sent plainly, and the
// page that comes back shows both sides. What was typed is also kept on this machine
// until the server has it (kept.js), so that nothing is lost to a dropped line or
// an ended session.
//
// Events: "autosave:saved" on the form, with the server's answer as detail;
// "session:left" on the document, with the seconds left; "editor:reload" on a
// textarea whose text was put back, for an editor that stands over it.
import { noteFailure, tellFailures } from "./attempts.js";
import { draftName, dropDraft, keepDraft, keptDraft } from "./kept.js";

const PAUSE = 1500;
const AGAIN = 10000;
const open = [];

export function bindAutosave(form) {
  const say = stateOf(form);
  const base = form.elements.namedItem("base_version");
  const name = draftName();
  let timer, running = null, typed = false, stopped = false;

  function schedule() {
    if (stopped) return;
    typed = true;
    document.body.dataset.kept = keepDraft(name, form) ? "yes" : "no";
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  // save sends what stands in the form; while one is under way, the next waits.
  function save() {
    clearTimeout(timer);
    if (stopped) return running;
    running ??= send().finally(() => {
      running = null;
      if (typed && !stopped) timer = setTimeout(save, PAUSE);
    });
    return running;
  }

  async function send() {
    say("saving");
    typed = false;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body, redirect: "manual", keepalive: String(body).length < 60000,
        headers: { Accept: "application/json" },
      });
      await take(answer);
    } catch (error) {
      if (!(error.status < 500)) noteFailure(form.dataset.autosave);
      say("offline");
      clearTimeout(timer);
      timer = setTimeout(save, AGAIN);
    }
  }

  async function take(answer) {
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      say("signedout");
      left(0);
      return;
    }
    left(answer.headers.get("Session-Left"));
    if (answer.status === 409) {
      stopped = true;
      say("conflict");
      return;
    }
    if (answer.status === 422) { say("invalid"); return; }
    if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { status: answer.status });
    const saved = await answer.json();
    tellFailures(); // it is back
    if (base && saved.version) base.value = saved.version;
    for (const [code, version] of Object.entries(saved.versions ?? {})) {
      const field = form.elements.namedItem(`base.${code}`);
      if (field) field.value = version;
    }
    const hash = form.elements.namedItem("hash");
    if (hash && saved.hash) hash.value = saved.hash;
    // What was typed meanwhile is kept on the new base, else it would conflict
    // with our own save; so is a text that is no figure.
    if (typed || saved.unread) keepDraft(name, form); else dropDraft(name);
    if (saved.unread) say("invalid"); else say("saved", saved.saved);
    form.dispatchEvent(new CustomEvent("autosave:saved", { detail: saved, bubbles: true }));
  }

  const flush = () => (typed ? save() : running);
  open.push(flush);
  form.addEventListener("input", schedule);
  addEventListener("online", () => { if (keptDraft(name)) save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
  addEventListener("pagehide", flush);
  // The plain button sends the form itself; the next page tells whether it was
  // taken (settleDraft). It waits for a save under way, whose answer brings the
  // version that this one is based on: nobody conflicts with themselves.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (running) {
      event.preventDefault();
      running.then(() => form.requestSubmit(event.submitter));
      return;
    }
    stopped = true;
    try { sessionStorage.setItem(SENT, name); } catch { /* the draft is offered again */ }
  });
  putBack(form, name, schedule);
}

// saveAll sends what has been typed on this page and not been sent yet.
export const saveAll = () => Promise.all(open.map((flush) => flush()));

const left = (seconds) => {
  if (seconds !== null) document.dispatchEvent(new CustomEvent("session:left", { detail: Number(seconds) }));
};

const SENT = "draft-sent";

// settleDraft forgets the draft that was sent by a plain button, once the page
// that came back says by data-settled that it was saved. Any other page (an
// error, a conflict, sign-in after the session ended) leaves the draft to be
// offered again.
export function settleDraft() {
  try {
    const name = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    if (name && document.querySelector("[data-settled]")) dropDraft(name);
  } catch { /* no storage, no draft */ }
}

// stateOf finds the live region and its words: data-saving, data-saved, ...
function stateOf(form) {
  const element = document.querySelector("[data-save-state]");
  return (state, when) => {
    if (!element) return;
    element.dataset.state = state;
    const word = element.querySelector("[data-word]");
    word.textContent = element.dataset[state] + (when ? ` ${when}` : "");
    if (state === "conflict") word.replaceChildren(button(word.textContent, () => form.requestSubmit()));
    if (state === "signedout") word.replaceChildren(toSignIn(word.textContent));
  };
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "link-button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

// toSignIn leads to the sign-in page and from there back to this place.
function toSignIn(text) {
  const link = document.createElement("a");
  link.href = signInPath();
  link.textContent = text;
  return link;
}

export const signInPath = () => `/sign-in?return=${encodeURIComponent(location.pathname + location.search)}`;

const isBox = ({ type }) => type === "checkbox" || type === "radio";
const stands = (element) => (isBox(element) ? element.checked : element.value);

// keptTexts are the fields whose text was kept; a name that several fields share is
// none of ours.
const keptTexts = (form, kept) =>
  kept.map(([name, value]) => [form.elements.namedItem(name), value]).filter(([element]) => element?.form && !isBox(element));

// keptBoxes are all boxes, ticked where the draft has their value.
const keptBoxes = (form, kept) =>
  [...form.elements].filter(isBox).map((box) => [box, kept.some(([name, value]) => name === box.name && value === box.value)]);

// putBack brings back what this machine kept and the server never got. Where
// nobody has saved since it was typed, it comes back by itself; else the person
// says so, because the text on the server is newer: the base versions come back
// too, so that the server sees a conflict and shows both.
function putBack(form, name, restored) {
  const draft = keptDraft(name);
  const offer = document.querySelector("[data-draft-offer]");
  if (!draft || !offer) return;
  const fields = [...keptTexts(form, draft.fields), ...keptBoxes(form, draft.fields)];
  const hidden = ([element]) => element.type === "hidden";
  const same = ([element, value]) => stands(element) === value;
  const typed = fields.filter((field) => !hidden(field));
  if (typed.every(same)) {
    if (document.querySelector("[data-settled]")) dropDraft(name);
    return;
  }
  const standing = typed.map(([element]) => [element, stands(element)]);
  const fill = (values) => {
    for (const [element, value] of values) {
      if (stands(element) === value) continue;
      if (isBox(element)) element.checked = value; else element.value = value;
      element.dispatchEvent(new CustomEvent("editor:reload", { bubbles: true }));
    }
    restored();
  };
  const bases = fields.filter(hidden);
  const [ask, back] = [offer.querySelector("[data-draft-ask]"), offer.querySelector("[data-draft-back]")];
  offer.hidden = false;
  if (bases.every(same)) {
    back.hidden = false;
    fill(typed);
    back.querySelector("[data-draft-undo]").addEventListener("click", () => { fill(standing); offer.hidden = true; });
    return;
  }
  ask.hidden = false;
  ask.querySelector("[data-draft-restore]").addEventListener("click", () => { offer.hidden = true; fill([...bases, ...typed]); });
  ask.querySelector("[data-draft-drop]").addEventListener("click", () => { dropDraft(name); offer.hidden = true; });
}
