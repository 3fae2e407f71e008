// Comfort on top of plain forms. Each part binds to data- attributes and leaves
// the page alone where they are missing; nothing here is needed to get work done.
import { tellFailures } from "./attempts.js";
import { bindAutosave, settleDraft } from "./autosave.js";
import { bindDifferences } from "./differences.js";
import { bindLive } from "./live.js";
import { bindMarking } from "./marking.js";
import { bindPolling } from "./poll.js";
import { bindPresence } from "./presence.js";
import { bindSearch } from "./search.js";
import { bindSession, bindSignOut } from "./session.js";
import { bindStale } from "./stale.js";

// The error summary is what a person must read first.
document.querySelector("[data-focus]")?.focus();

// A password can be looked at; without scripts the button stays hidden.
for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  const word = button.querySelector("span");
  const label = button.getAttribute("aria-label");
  button.hidden = false;
  button.addEventListener("click", () => {
    const hide = field.type === "text";
    field.type = hide ? "password" : "text";
    button.setAttribute("aria-pressed", String(!hide));
    word.textContent = hide ? button.dataset.show : button.dataset.hide;
    button.setAttribute("aria-label", label);
  });
}

// Menus made of <details> close by Escape and by a click elsewhere.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// Filters fold on phones unless some are set.
if (matchMedia("(max-width: 640px)").matches) {
  for (const fold of document.querySelectorAll("[data-fold='0']")) fold.open = false;
}

// A second click on a form that is being sent does nothing; the key in the form
// would make it the same decision anyway.
for (const form of document.querySelectorAll("form[method=post]:not([data-autosave], [data-sign-out])")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
// A page taken back from the browser's cache may send again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

settleDraft();
for (const form of document.querySelectorAll("form[data-autosave]")) bindAutosave(form);
for (const note of document.querySelectorAll("[data-session-note]")) bindSession(note);
for (const choice of document.querySelectorAll("[data-difference-keys]")) bindDifferences(choice);
for (const choice of document.querySelectorAll("[data-marking]")) bindMarking(choice);
for (const card of document.querySelectorAll("[data-stale-card]")) bindStale(card);
for (const form of document.querySelectorAll("form[data-sign-out]")) bindSignOut(form);
for (const line of document.querySelectorAll("[data-presence]")) bindPresence(line);
for (const table of document.querySelectorAll("[data-grid]")) import("./grid.js").then(({ bindGrid }) => bindGrid(table));
for (const grid of document.querySelectorAll("[data-plan-grid]")) import("./plangrid.js").then(({ bindPlanGrid }) => bindPlanGrid(grid));
for (const form of document.querySelectorAll("[data-scores]")) import("./scores.js").then(({ bindScores }) => bindScores(form));
for (const form of document.querySelectorAll("[data-upload]")) import("./upload.js").then(({ bindUpload }) => bindUpload(form));
for (const waiting of document.querySelectorAll("[data-poll]")) bindPolling(waiting);
bindLive();
bindSearch();
if (document.body.dataset.user) tellFailures();
