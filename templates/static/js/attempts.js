// Saves that never reached the server: when the first and the last failed is kept on
// this machine and told once the server is back, so that the authority knows whose work
// an outage stopped. Nothing of what was typed is kept here (kept.js does that).
const PREFIX = "failed:";
const TWO_WEEKS = 14 * 24 * 3600 * 1000;

const documentOf = (path) => /^\/documents\/([^/]+)\//.exec(path)?.[1];
const nameOf = (id) => `${PREFIX}${document.body.dataset.user}:${id}`;

// noteFailure remembers that a save to the path did not get through just now.
export function noteFailure(path) {
  const id = documentOf(path);
  if (!id) return;
  const now = Date.now();
  try {
    const first = read(nameOf(id))?.first ?? now;
    localStorage.setItem(nameOf(id), JSON.stringify({ first, last: now }));
  } catch { /* full or forbidden: the server may have seen it */ }
}

// tellFailures tells of all that this person noted; what is taken, or will never be, is
// forgotten.
export async function tellFailures() {
  for (const name of names()) {
    const noted = read(name);
    if (!noted || Date.now() - noted.first > TWO_WEEKS) {
      localStorage.removeItem(name);
      continue;
    }
    const ago = (at) => Math.max(0, Math.round((Date.now() - at) / 1000));
    try {
      const answer = await fetch(`/documents/${encodeURIComponent(name.slice(nameOf("").length))}/attempts`, {
        method: "POST", redirect: "manual", headers: { Accept: "application/json" },
        body: new URLSearchParams({ first: ago(noted.first), last: ago(noted.last) }),
      });
      if (answer.ok || (answer.status >= 400 && answer.status < 500 && answer.status !== 401)) localStorage.removeItem(name);
    } catch { return; } // not back yet
  }
}

function read(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

function names() {
  try { return Object.keys(localStorage).filter((name) => name.startsWith(nameOf(""))); } catch { return []; }
}
