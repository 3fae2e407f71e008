// What was typed and the server has not got yet, kept on this machine.
//
// Several people use one office computer, so:
//  * a draft bears the name of the person who typed it, and only their pages
//    offer it: the next person never sees it in the program;
//  * signing out removes that person's drafts, after trying to save them and
//    after asking where that cannot be done (session.js);
//  * a session that ends by itself must not lose anything, so there the draft
//    stays, for its person to come back to: a week, which spans a long weekend.
//    Afterwards whoever opens a page here first clears it away.
// They lie in the browser's own storage, as readable as the screen was for those
// who share the computer's account; nothing secret is typed on these pages
// (fields of passwords have no autosave). Encrypting them with a key from the
// server was left out: it takes a secure context, and its delay loses the last
// words before a crash, which is what they are kept for.
const PREFIX = "draft:";
const WEEK = 7 * 24 * 3600 * 1000;

export const draftName = () => `${PREFIX}${document.body.dataset.user}:${location.pathname}`;

// keepDraft tells whether the machine could keep it.
export function keepDraft(name, form) {
  const fields = [...new FormData(form)].filter(([field]) => field !== "key");
  try {
    localStorage.setItem(name, JSON.stringify({ fields, at: Date.now() }));
    return true;
  } catch {
    return false; // full or forbidden
  }
}

export function keptDraft(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

export function dropDraft(name) {
  try { localStorage.removeItem(name); } catch { /* nothing was kept */ }
}

// ownDrafts are the names of what this person has not saved yet.
export function ownDrafts() {
  return names().filter((name) => name.startsWith(`${PREFIX}${document.body.dataset.user}:`));
}

// pathOf is the page that a draft was typed on.
export const pathOf = (name) => name.slice(name.indexOf(":", PREFIX.length) + 1);

export function dropOldDrafts() {
  for (const name of names()) {
    const at = keptDraft(name)?.at ?? 0;
    if (Date.now() - at > WEEK) dropDraft(name);
  }
}

function names() {
  try { return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)); } catch { return []; }
}
