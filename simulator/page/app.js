// The page as a whole: which phones are in view, and keeping them up to date.

import { follow } from "./api.js";
import { bar } from "./bar.js";
import { h, icon, oncePerFrame } from "./dom.js";
import { t } from "./i18n.js";
import { peopleDialog } from "./people.js";
import { openChatOf, personTab, phoneView } from "./phone.js";
import { listen, loadAll, person, store, take } from "./store.js";

const NARROW = matchMedia("(max-width: 719px)");
/** How many phones are shown before anybody chooses: as many as stand side by side. */
const AT_FIRST = innerWidth >= 1560 ? 4 : 3;

const root = document.getElementById("phones");
const tabs = document.getElementById("tabs");
const views = new Map();
let wanted = readHash();
let active = null;

/** The people named after #people= in the address, or null when it names none. */
function readHash() {
  const found = /people=([\d,]*)/.exec(location.hash);
  return found ? found[1].split(",").filter(Boolean).map(Number) : null;
}

function shownPeople() {
  const ids = wanted || store.people.slice(0, AT_FIRST).map((one) => one.id);
  return ids.filter((id) => person(id));
}

function want(ids) {
  wanted = ids;
  history.replaceState(null, "", `#people=${ids.join(",")}`);
  layOut();
}

const shown = {
  has: (id) => shownPeople().includes(id),
  add: (id) => { active = id; want([...shownPeople().filter((one) => one !== id), id]); views.get(id)?.node.scrollIntoView({ inline: "center" }); },
  remove: (id) => want(shownPeople().filter((one) => one !== id)),
};

const isVisible = (id) => views.has(id) && (!NARROW.matches || id === active);
const isSeen = (id, chat) => isVisible(id) && openChatOf(id) === chat && !document.hidden;

function fail(error) {
  const note = h("div.page-note", { role: "alert", popover: "manual" }, t("failed", { why: error.message }));
  document.body.append(note);
  // A popover lies over an open dialog too, where the thing that failed may have been asked for.
  if (note.showPopover) note.showPopover();
  setTimeout(() => note.remove(), 6000);
}

const top = bar(document.getElementById("bar"), {
  showPeople: () => peopleDialog(shown, fail),
  relabel: () => { top.draw(); views.forEach((view) => view.relabel()); layOut(); },
  fail,
});

function layOut() {
  const ids = shownPeople();
  if (!ids.includes(active)) active = ids[0] ?? null;
  for (const [id, view] of views) {
    if (ids.includes(id)) continue;
    view.destroy();
    views.delete(id);
  }
  root.querySelector(".nobody")?.remove();
  if (!ids.length && store.people.length) {
    root.append(h("div.nobody", {}, h("p", {}, t("phones_none")),
      h("button.main", { onclick: () => peopleDialog(shown, fail) }, icon("people"), t("people"))));
  }
  for (const id of ids) {
    if (!views.has(id)) {
      const view = phoneView(id, isVisible, () => shown.remove(id));
      views.set(id, view);
      view.load().catch(fail);
    }
    const { node } = views.get(id);
    const place = ids.indexOf(id);
    if (root.children[place] !== node) root.insertBefore(node, root.children[place] || null);
    node.classList.toggle("active", id === active);
  }
  drawTabs();
}

function drawTabs() {
  const focused = [...tabs.children].indexOf(document.activeElement);
  tabs.setAttribute("aria-label", t("people"));
  tabs.replaceChildren(...shownPeople().map((id) => personTab(person(id), id === active, () => {
    active = id;
    layOut();
    views.get(id).draw();
    views.get(id).read();
  })));
  if (focused >= 0) tabs.children[focused]?.focus();
}

listen("state", () => { top.refresh(); layOut(); });
listen("unread", oncePerFrame(drawTabs));
addEventListener("hashchange", () => { wanted = readHash(); layOut(); });
document.addEventListener("visibilitychange", () => views.forEach((view) => view.read()));

follow(() => loadAll(shownPeople), (event) => take(event, isSeen), (yes) => top.connected(yes));
top.draw();
