// One person's phone: which chat is open, what it shows, and what its owner does with it.

import { act } from "./api.js";
import { composer } from "./composer.js";
import { avatar, h, iconButton, oncePerFrame } from "./dom.js";
import { groupSheet } from "./group.js";
import { dayKey, t, tn } from "./i18n.js";
import { follow } from "./links.js";
import { gist, nameOf } from "./message.js";
import { layer } from "./sheet.js";
import {
  botOf, chat as chatOf, chats as chatsOf, group, inLanguageOf, listen, loadChats, loadThread, markRead,
  person as personOf, thread as threadOf, townNow, unreadOf,
} from "./store.js";
import { threadView } from "./thread.js";

const ACTIONS = {
  typing: "typing", upload_photo: "uploading_photo", upload_document: "uploading_file",
  record_voice: "recording_voice", upload_voice: "recording_voice", find_location: "finding_place",
};
const ACTION_MS = 5000;
const TOAST_MS = 4500;
const WAIT_MS = 8000;

/** The chat each person has open; the page remembers it while it is redrawn. */
const opened = new Map();

export const openChatOf = (id) => opened.get(id);

/** Show a large picture over everything. */
function enlarge(picture) {
  const box = h("dialog.lightbox", { "data-testid": "lightbox", onclick: () => box.close(), onclose: () => box.remove() },
    picture, iconButton("close", t("close"), { onclick: () => box.close() }));
  document.body.append(box);
  box.showModal();
}

/**
 * @param id the person.
 * @param isVisible says whether this phone can be seen now (a narrow page shows one at a time).
 * @param hide removes the phone from the page.
 */
export function phoneView(id, isVisible, hide) {
  const phone = {
    person: id, enlarge, tap, vote, messageMenu, menu, send, run, open, toast, read,
    taps: { link: (url) => follow(phone, url), command: (text) => send("says", { text }) },
    showMessage: (number) => thread.show(number),
    current: () => opened.get(id),
    summary: () => chatOf(id, opened.get(id)),
  };
  const head = h("header.chat-head");
  const tabs = h("nav.chats", { "aria-label": t("chats") });
  const toasts = h("div.toasts", { role: "status", "aria-live": "polite", "data-testid": "toasts" });
  const thread = threadView(phone);
  const bottom = composer(phone);
  const screen = h("div.screen", {}, head, tabs, thread.node, bottom.node, toasts);
  const sheets = layer(screen);
  phone.sheet = sheets.open;
  phone.actions = sheets.actions;
  phone.compose = bottom;
  const owner = h("div.owner");
  const node = h("section.phone", { "data-testid": `phone-${id}`, "data-person": id }, owner, screen);
  let action = null;
  let actionTimer = null;
  let heard = [];
  let drawnDay = "";
  const waiting = new Set();

  function bot() { return botOf(opened.get(id)); }

  /** Do something as this person; what went wrong is said on the phone. @returns the answer, or null. */
  async function run(verb, rest) {
    try {
      return await act(id, verb, rest);
    } catch (error) {
      toast(t("failed", { why: error.message }));
      return null;
    }
  }

  /** Do something in the open chat. */
  function send(verb, rest) {
    return run(verb, { chat: opened.get(id), ...rest });
  }

  async function tap(message, button, row, column, where) {
    if (button.url) { follow(phone, button.url); return; }
    if (button.copy_text) {
      try { await navigator.clipboard.writeText(button.copy_text.text); toast(t("copied")); } catch { /* not allowed */ }
      return;
    }
    if (button.callback_data === undefined) { toast(t("button_unsupported")); return; }
    const release = () => {
      where.classList.remove("waiting");
      where.removeAttribute("aria-busy");
      waiting.delete(release);
    };
    where.classList.add("waiting");
    where.setAttribute("aria-busy", "true");
    waiting.add(release);
    setTimeout(release, WAIT_MS);
    if (!(await send("taps", { message_id: message.message_id, row, column }))) release();
  }

  function vote(message, options) {
    send("votes_poll", { message_id: message.message_id, options });
  }

  function toast(text, alert) {
    if (!text) return;
    if (alert) {
      const close = sheets.open("", h("div.alert", { "data-testid": "alert" },
        h("p", { dir: "auto" }, text),
        h("button.main", { onclick: () => close() }, t("close"))), { middle: true });
      return;
    }
    const one = h("div.toast", { "data-testid": "toast", dir: "auto" }, text);
    toasts.append(one);
    while (toasts.children.length > 3) toasts.firstChild.remove();
    setTimeout(() => one.remove(), TOAST_MS);
  }

  function read() {
    if (isVisible(id) && !document.hidden) markRead(id, opened.get(id));
  }

  async function open(key) {
    if (!chatOf(id, key)) return;
    const changed = opened.get(id) !== key;
    opened.set(id, key);
    action = null;
    if (changed) sheets.close();
    hear(key);
    drawHead();
    drawTabs();
    bottom.open();
    thread.open(key);
    read();
    if (!threadOf(id, key)) {
      try { await loadThread(id, key); } catch (error) { toast(t("failed", { why: error.message })); }
    }
  }

  function menu() {
    const summary = phone.summary();
    const me = personOf(id) || {};
    const key = opened.get(id) || "";
    const private_ = key.startsWith("bot:");
    sheets.actions(t("menu"), [
      private_ && !me.deactivated && !summary?.can_start && {
        icon: "block", label: t(summary?.blocked ? "unblock_bot" : "block_bot"),
        run: () => send(summary?.blocked ? "unblocks" : "blocks"), testid: "block",
      },
      !private_ && group(key) && { icon: "group", label: t("group_info"), run: () => groupSheet(phone, group(key)) },
      { icon: "close", label: t("phone_hide"), run: hide },
      !me.deactivated && { icon: "trash", label: t("deactivate"), run: () => run("deactivates"), danger: true },
    ]);
  }

  function messageMenu(entry) {
    const { message } = entry;
    const at = { message_id: message.message_id };
    sheets.actions(t("message_menu"), [
      { icon: "reply", label: t("reply"), run: () => bottom.replyTo(message), testid: "reply" },
      entry.mine && (message.text ?? message.caption) !== undefined && !message.forward_origin
        && { icon: "edit", label: t("edit"), run: () => bottom.edit(message), testid: "edit" },
      { icon: "forward", label: t("forward"), run: () => forward(message), testid: "forward" },
      entry.mine && { icon: "trash", label: t("delete"), run: () => send("deletes", at), danger: true, testid: "delete" },
    ]);
  }

  function forward(message) {
    const from = opened.get(id);
    sheets.actions(t("forward_to"), chatsOf(id).map((one) => ({
      icon: one.chat.startsWith("bot:") ? "contact" : "group", label: one.title,
      run: async () => {
        await run("forwards", { message_id: message.message_id, from, chat: one.chat });
        open(one.chat);
      },
    })));
  }

  function subtitle() {
    if (action) return h("span.acting", {}, t(action));
    const key = opened.get(id) || "";
    if (key.startsWith("bot:")) return t("chat_bot");
    const members = group(key)?.members;
    return members ? tn("members", members.length) : t("group");
  }

  function drawHead() {
    const summary = phone.summary();
    const me = personOf(id);
    const title = summary ? summary.title : "";
    const info = group(opened.get(id));
    const face = [
      avatar(title, summary && summary.chat.replace("bot:", "")),
      h("span.titles", {}, h("b", { dir: "auto" }, title), h("small", { "data-testid": "subtitle" }, subtitle())),
    ];
    head.replaceChildren(
      info
        ? h("button.title", { "aria-label": `${title}. ${t("group_info")}`, onclick: () => groupSheet(phone, info) }, face)
        : h("div.title", {}, face),
      iconButton("more", t("menu"), { onclick: menu, "data-testid": "phone-menu" }));
    if (!me) return;
    const name = nameOf(me);
    node.setAttribute("aria-label", t("phone_of", { name }));
    owner.replaceChildren(
      avatar(name, id, me.color),
      h("h2", { dir: "auto" }, name),
      h("span.tongue", { title: t("person_language") }, (me.language_code || "").toUpperCase()),
      iconButton("close", `${t("phone_hide")}: ${name}`, { onclick: hide }));
  }

  function drawTabs() {
    const all = chatsOf(id);
    tabs.hidden = all.length < 2;
    const focused = [...tabs.children].indexOf(document.activeElement);
    tabs.replaceChildren(...all.map((one) => {
      const count = unreadOf(id, one.chat);
      return h("button.chat-tab", {
        "aria-pressed": String(one.chat === opened.get(id)), "data-testid": `chat-${one.chat}`,
        title: gist(one.last), onclick: () => open(one.chat),
      }, h("span", { dir: "auto" }, one.title),
      count ? h("span.badge", { "aria-label": tn("unread", count) }, count) : null);
    }));
    if (focused >= 0) tabs.children[Math.min(focused, tabs.children.length - 1)]?.focus();
  }

  function drawAll() {
    if (!chatOf(id, opened.get(id))) {
      const first = chatsOf(id)[0];
      if (first) { open(first.chat); return; }
    }
    drawHead();
    drawTabs();
    bottom.draw();
    const list = thread.node.querySelector(".thread-list");
    const summary = phone.summary();
    list.dataset.about = "";
    if (summary && summary.can_start) list.dataset.about = inLanguageOf(id, bot()?.description) || "";
    thread.draw();
  }

  function acting(kind) {
    clearTimeout(actionTimer);
    action = ACTIONS[kind] || (kind ? "typing" : null);
    if (action) actionTimer = setTimeout(() => acting(null), ACTION_MS);
    drawHeadSoon();
  }

  const drawHeadSoon = oncePerFrame(drawHead);
  const drawKeyboard = oncePerFrame(() => bottom.draw(true));
  const drawThread = oncePerFrame(() => { thread.draw(); if (thread.atEnd()) read(); });
  const drawSoon = oncePerFrame(drawAll);

  function hear(key) {
    heard.forEach((stop) => stop());
    heard = [
      listen(`thread:${id}:${key}`, drawThread),
      listen(`action:${id}:${key}`, (kind) => { if (kind || action) acting(kind); }),
      listen(`keyboard:${id}:${key}`, drawKeyboard),
    ];
  }

  const ears = [
    listen("state", drawSoon),
    listen("clock", () => {
      const today = dayKey(townNow());
      if (today === drawnDay) return;
      drawnDay = today; // "Today" has become "Yesterday"
      drawThread();
    }),
    listen(`chats:${id}`, drawSoon),
    listen(`toast:${id}`, (event) => {
      [...waiting].forEach((release) => release());
      if (event.url) follow(phone, event.url);
      else toast(event.text, event.show_alert);
    }),
  ];

  return {
    node, open, draw: drawAll, read,
    async load() {
      if (!chatsOf(id).length) await loadChats(id);
      drawAll();
    },
    relabel() {
      tabs.setAttribute("aria-label", t("chats"));
      bottom.relabel();
      drawAll();
    },
    destroy() {
      [...ears, ...heard].forEach((stop) => stop());
      thread.destroy();
      node.remove();
    },
  };
}

/** What a tab of the narrow page shows of a person. */
export function personTab(one, active, choose) {
  const count = chatsOf(one.id).reduce((sum, each) => sum + unreadOf(one.id, each.chat), 0);
  return h("button.person-tab", {
    "aria-pressed": String(active), "data-testid": `tab-${one.id}`, onclick: choose,
    "aria-label": `${t("phone_of", { name: nameOf(one) })}${count ? `, ${tn("unread", count)}` : ""}`,
  }, avatar(nameOf(one), one.id, one.color), h("span", { dir: "auto" }, one.first_name),
  count ? h("span.badge", { "aria-hidden": "true" }, count) : null);
}

