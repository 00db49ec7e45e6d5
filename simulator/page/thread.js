// The scrolling list of one chat: only what changed is drawn again, and the reader keeps their place.

import { h, icon } from "./dom.js";
import { dayKey, dayName, page, t } from "./i18n.js";
import { author, bubble, service } from "./message.js";
import { loadThread, thread, townNow } from "./store.js";

const NEAR = 80;

/** A message that changes comes as a new object, so what is the same object needs no drawing. */
const same = (a, b) => a.length === b.length && a.every((one, i) => one === b[i]);

/** Messages as rows: a day's name, an album, or one message. */
function rows(entries) {
  const found = [];
  let day = null;
  let last = null;
  for (const entry of entries) {
    if (entry.deleted) continue;
    const { message } = entry;
    const moment = new Date(message.date * 1000);
    const key = dayKey(moment);
    if (key !== day) {
      day = key;
      last = null;
      found.push({ key: `day-${key}`, day: moment });
    }
    const row = found[found.length - 1];
    if (message.media_group_id && row.entry
      && row.entry.message.media_group_id === message.media_group_id) {
      row.more.push(entry);
      continue;
    }
    const by = service(message) ? null : (author(message) || {}).id;
    found.push({ key: `message-${message.message_id}`, entry, more: [], first: by === null || by !== last });
    last = by;
  }
  return found;
}

/** @returns {{node, open(key), draw(), show(id)}} */
export function threadView(phone) {
  const list = h("div.thread-list", { role: "log", "aria-live": "polite", "aria-relevant": "additions" });
  const down = h("button.round.go-down", {
    "aria-label": t("scroll_down"), title: t("scroll_down"), hidden: true,
    onclick: () => toEnd(true),
  }, icon("down"));
  const scroller = h("div.thread-scroll", { tabindex: "0", "aria-label": t("message"), role: "region" }, list);
  const node = h("div.thread", {}, scroller, down);
  let shown = new Map();
  let key = null;
  let stuck = true;
  let older = false;

  const fromEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  function toEnd(smooth) {
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }

  scroller.addEventListener("scroll", async () => {
    stuck = fromEnd() < NEAR;
    down.hidden = stuck;
    if (stuck) phone.read();
    const known = thread(phone.person, key);
    if (scroller.scrollTop > 60 || older || !known || known.all || !known.entries.size) return;
    older = true;
    const before = scroller.scrollHeight;
    try { await loadThread(phone.person, key, true); } catch { /* scrolled again, tried again */ }
    draw();
    scroller.scrollTop += scroller.scrollHeight - before;
    older = false;
  });
  // A picture that arrives late, or a keyboard that opens, must not push the last words away.
  const watcher = new ResizeObserver(() => { if (stuck) toEnd(false); });
  watcher.observe(scroller);
  watcher.observe(list);

  function draw() {
    const known = thread(phone.person, key);
    const entries = known ? [...known.entries.values()] : [];
    const now = townNow();
    const next = new Map();
    const wanted = rows(entries);
    let at = list.firstChild;
    for (const row of wanted) {
      const sign = row.day
        ? [page.language, dayName(row.day, now)]
        : [page.language, page.zone, row.first, ...[row.entry, ...row.more].flatMap(
          (one) => [one.message, one.edited, one.reaction])];
      const old = shown.get(row.key);
      const kept = old && same(old.sign, sign);
      const drawn = kept ? old.node : row.day
        ? h("div.day", { role: "separator" }, h("span", {}, dayName(row.day, now)))
        : bubble(row.entry, phone, row.first, row.more);
      if (old && !kept) {
        if (at === old.node) at = at.nextSibling;
        swap(old.node, drawn, at);
      } else if (drawn !== at) list.insertBefore(drawn, at);
      else at = at.nextSibling;
      next.set(row.key, { sign, node: drawn });
    }
    for (const [name, old] of shown) if (!next.has(name)) old.node.remove();
    shown = next;
    list.classList.toggle("no-messages", !wanted.length);
    list.dataset.empty = wanted.length ? "" : t("empty");
    if (stuck) toEnd(false);
    else down.hidden = fromEnd() < NEAR;
  }

  /** Put a redrawn message in its place; whoever had the focus on one of its buttons keeps it. */
  function swap(old, drawn, before) {
    const focused = [...old.querySelectorAll("button")].indexOf(document.activeElement);
    old.remove();
    list.insertBefore(drawn, before);
    const buttons = drawn.querySelectorAll("button");
    if (focused >= 0 && buttons.length) {
      buttons[Math.min(focused, buttons.length - 1)].focus({ preventScroll: true });
    }
  }

  function open(chat) {
    key = chat;
    shown = new Map();
    list.replaceChildren();
    stuck = true;
    down.hidden = true;
    draw();
  }

  function show(id) {
    const found = list.querySelector(`[data-message="${Number(id)}"]`);
    if (!found) return;
    found.scrollIntoView({ block: "center", behavior: "smooth" });
    found.classList.remove("flash");
    requestAnimationFrame(() => found.classList.add("flash"));
  }

  return { node, open, draw, show, atEnd: () => stuck, destroy: () => watcher.disconnect() };
}
