// Shows the news by itself. The server tells over /events that something this page
// watches has changed, ids only; the page is then fetched again as its reader may
// see it, and the regions marked data-live are exchanged. What somebody types in
// is never touched: editing pages mark no regions, they carry a note (data-live-note)
// that says when their document has moved on.
const HIDDEN_FOR = 30000; // a hidden page gives its connection back after this
const QUIET = 30000; // between two announcements to a screen reader
const BUSY = 3000; // until another look, while the reader is in the middle of something
const FAILED = 60000; // until another try, after the server refused the stream

export function bindLive() {
  const address = document.body.dataset.events;
  if (!address || !("EventSource" in window)) return;
  let source, at = address, hiding, retry, waiting, announced = 0;
  const shown = regions(document);

  function open() {
    clearTimeout(retry);
    source = new EventSource(at);
    source.addEventListener("change", (event) => { seen(event); refresh(); });
    source.addEventListener("hello", (event) => { seen(event); document.body.dataset.listening = "yes"; });
    source.addEventListener("end", close);
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
      source = null;
      retry = setTimeout(() => { if (!document.hidden) open(); }, FAILED);
    });
  }

  // A stream opened again is told what has changed since it was last told.
  function seen(event) {
    if (!event.lastEventId) return;
    const next = new URL(address, location.origin);
    next.searchParams.set("at", event.lastEventId);
    at = next.pathname + next.search;
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = null;
    delete document.body.dataset.listening;
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(close, HIDDEN_FOR);
    else if (!source) open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted && !source) open(); });

  async function refresh() {
    clearTimeout(waiting);
    try {
      const note = document.querySelector("[data-live-note]");
      if (note) compare(note, await get(note.dataset.liveNote));
      if (!shown.size) return;
      const page = await get(location.pathname + location.search);
      if (!page) return;
      const { changed, left } = exchange(shown, regions(page));
      if (left) waiting = setTimeout(refresh, BUSY);
      if (!changed) return;
      document.body.className = page.body.className; // whether there is an action bar
      document.title = page.title;
      announce();
    } catch {
      // Off line: the stream comes back by itself and tells again.
    }
  }

  function announce() {
    const word = document.querySelector("[data-live-said]");
    if (!word || Date.now() - announced < QUIET) return;
    announced = Date.now();
    const time = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
    word.textContent = `${word.dataset.liveSaid} ${time}`;
    word.hidden = false;
    setTimeout(() => { word.hidden = true; }, 8000);
  }

  open();
}

// get is the page as it is now; null when it is not for this reader any more, or
// the session is over.
async function get(path) {
  const answer = await fetch(path, { headers: { "X-Live": "1" }, redirect: "manual", cache: "no-store" });
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// regions is each marked region as the server sent it, by its name.
function regions(page) {
  const found = new Map();
  for (const region of page.querySelectorAll("[data-live]")) found.set(region.dataset.live, region.outerHTML);
  return found;
}

function regionOf(name) {
  return document.querySelector(`[data-live="${CSS.escape(name)}"]`);
}

// inTheMiddle tells that the reader is at work in a region: types there, has typed
// something that is not sent yet, or has marked text.
function inTheMiddle(region) {
  const fields = [...region.querySelectorAll("input:not([type=hidden]), textarea, select")];
  const written = (field) => (field.matches("select") ? field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected)) :
    field.value !== field.defaultValue || field.checked !== field.defaultChecked);
  const selection = getSelection();
  return fields.some((field) => field === document.activeElement || written(field)) ||
    Boolean(selection && !selection.isCollapsed && selection.containsNode(region, true));
}

// exchange puts in what is new. It tells whether anything was, and whether some of
// it had to be left for later. The instant of the numbers (data-live-stamp) is no
// news in itself: it follows once all that it speaks of has been exchanged.
function exchange(shown, fresh) {
  let changed = false, left = false;
  const stamps = [];
  for (const [name, html] of fresh) {
    const region = regionOf(name);
    if (!region || plain(shown.get(name)) === plain(html)) continue;
    if ("liveStamp" in region.dataset) {
      stamps.push([region, html]);
      continue;
    }
    if (inTheMiddle(region)) {
      left = true;
      continue;
    }
    put(region, html);
    shown.set(name, html);
    changed = true;
  }
  if (changed && !left) for (const [region, html] of stamps) put(region, html);
  return { changed, left };
}

// plain leaves out what differs each time a page is made: the keys of its forms.
function plain(html) {
  return html?.replace(/(name="key" value=")[^"]*/g, "$1");
}

// put exchanges a region; focus, open folds and sideways scroll stay as they were.
function put(region, html) {
  const fresh = document.createRange().createContextualFragment(html).firstElementChild;
  const focus = region.contains(document.activeElement) ? pathTo(document.activeElement) : null;
  const folds = [...region.querySelectorAll("details")].map((fold) => fold.open);
  const scrolled = [...region.querySelectorAll(".scroll-x")].map((box) => box.scrollLeft);
  region.replaceWith(fresh);
  fresh.querySelectorAll("details").forEach((fold, i) => { if (i in folds) fold.open = folds[i]; });
  fresh.querySelectorAll(".scroll-x").forEach((box, i) => { box.scrollLeft = scrolled[i] ?? 0; });
  if (!focus) return;
  const target = focus(fresh) ?? fresh;
  if (target === fresh) fresh.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// pathTo remembers what has the focus: by id, else by where it leads.
function pathTo(element) {
  const { id } = element, href = element.getAttribute("href");
  return (fresh) => (id && fresh.querySelector(`#${CSS.escape(id)}`)) ||
    (href && fresh.querySelector(`a[href="${CSS.escape(href)}"]`)) ||
    (element.tagName === "SUMMARY" && fresh.querySelector("summary")) || null;
}

// compare shows the note once the document is not where it was.
function compare(note, page) {
  const now = page?.querySelector("[data-live-state]");
  if (!now || now.dataset.liveState === note.dataset.liveState) return;
  const word = note.querySelector("[data-live-word]");
  if (word) word.textContent = now.dataset.liveWord;
  note.hidden = false;
}
