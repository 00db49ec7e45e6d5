// The bottom of a phone: write, attach, press a reply button, or first start or unblock the bot.

import { attachMenu, placeSheet } from "./attach.js";
import { h, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { author, gist, nameOf } from "./message.js";
import { botOf, inLanguageOf, person as personOf } from "./store.js";

const TALLEST = 132;

const commandsFor = (phone) => inLanguageOf(phone.person, botOf(phone.current())?.commands) || [];

/** @returns {{node, open(), draw(fresh), replyTo(message), edit(message), relabel()}} */
export function composer(phone) {
  const node = h("footer.bottom");
  let draft = "";
  let about = null; // {message, editing}
  let folded = false;
  let field = null;
  let state = "";
  const drafts = new Map();

  async function submit() {
    const text = field.value.trim();
    if (!text) return;
    const was = about;
    const chat = phone.current();
    field.value = draft = "";
    drafts.delete(chat);
    about = null;
    draw(true);
    field.focus();
    const answer = was && was.editing
      ? await phone.send("edits", { message_id: was.message.message_id, text })
      : await phone.send("says", { text, ...(was ? { reply_to: was.message.message_id } : {}) });
    if (!answer && !field.value && phone.current() === chat) {
      field.value = draft = text;
      size();
    }
  }

  function size() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, TALLEST)}px`;
  }

  function suggestions() {
    const box = node.querySelector(".suggestions");
    const typed = /^\/(\w*)$/.exec(field.value);
    const found = typed
      ? commandsFor(phone).filter((one) => one.command.startsWith(typed[1].toLowerCase())) : [];
    box.hidden = !found.length;
    box.replaceChildren(...found.map((one) => h("button.suggestion", {
      onclick: () => { field.value = draft = ""; suggestions(); phone.send("says", { text: `/${one.command}` }); },
    }, h("b", {}, `/${one.command}`), h("span", { dir: "auto" }, one.description))));
  }

  function commandMenu() {
    const all = commandsFor(phone);
    if (!all.length) { phone.toast(t("commands_none")); return; }
    phone.actions(t("commands"), all.map((one) => ({
      icon: "slash", label: `/${one.command}`, note: one.description, testid: `command-${one.command}`,
      run: () => phone.send("says", { text: `/${one.command}` }),
    })));
  }

  function press(button, markup) {
    if (markup.one_time_keyboard) { folded = true; draw(true); }
    if (button.request_location) {
      placeSheet(phone, {
        title: t("request_location"),
        send: (place) => phone.send("presses", { text: button.text, ...place }),
      });
    } else if (button.request_contact) {
      phone.actions(t("request_contact"), [
        { icon: "contact", label: t("send"), testid: "send-contact", run: () => phone.send("presses", { text: button.text }) },
        { icon: "close", label: t("cancel"), run: () => {} },
      ]);
    } else phone.send("presses", { text: button.text });
  }

  function replyKeyboard(markup) {
    return h("div.reply-keyboard", { role: "group", "aria-label": t("keyboard"), "data-testid": "reply-keyboard", hidden: folded },
      markup.keyboard.map((row) => h("div.reply-row", {}, row.map((one) => {
        const button = typeof one === "string" ? { text: one } : one;
        return h("button.reply-button", { dir: "auto", onclick: () => press(button, markup) }, button.text);
      }))));
  }

  function aboutBar() {
    if (!about) return null;
    const { message, editing } = about;
    return h("div.about", {},
      h("span", {}, h("b", {}, editing ? t("editing") : t("replying", { name: nameOf(author(message)) || t("somebody") })),
        h("span", { dir: "auto" }, gist(message))),
      iconButton("close", t("cancel"), { onclick: () => {
        if (about.editing) field.value = draft = "";
        about = null;
        draw(true);
      } }));
  }

  function plain(words, label, run, testid) {
    field = null;
    node.replaceChildren(h("div.gate", {}, words ? h("p", { dir: "auto" }, words) : null,
      label ? h("button.main", { onclick: run, "data-testid": testid }, label) : null));
  }

  function drawField(markup) {
    const inBot = (phone.current() || "").startsWith("bot:");
    const focused = field && document.activeElement === field;
    const span = focused ? [field.selectionStart, field.selectionEnd] : null;
    field = h("textarea", {
      rows: 1, maxlength: 8192, dir: "auto", "data-testid": "composer",
      "aria-label": t("message"), placeholder: (markup && markup.input_field_placeholder) || t("message"),
      oninput: () => { draft = field.value; size(); suggestions(); },
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
        if (event.key === "Escape" && about) { about = null; draw(true); }
      },
    });
    field.value = draft;
    node.replaceChildren(
      h("div.suggestions", { hidden: true }),
      aboutBar() || "",
      h("div.composer", {},
        iconButton("attach", t("attach"), { onclick: () => attachMenu(phone), "data-testid": "attach" }),
        h("div.field", {}, field,
          markup ? iconButton("keyboard", t("keyboard_toggle"), {
            "aria-expanded": String(!folded), "data-testid": "keyboard-toggle",
            onclick: () => { folded = !folded; draw(true); },
          }) : null,
          inBot ? iconButton("slash", t("commands"), { onclick: commandMenu, "data-testid": "commands" }) : null),
        iconButton("send", t("send"), { class: "send", onclick: submit, "data-testid": "send" })),
      markup ? replyKeyboard(markup) : "");
    size();
    if (focused) {
      field.focus({ preventScroll: true });
      field.setSelectionRange(...span);
    }
  }

  function draw(fresh) {
    const summary = phone.summary();
    const me = personOf(phone.person) || {};
    const markup = summary && summary.reply_keyboard && summary.reply_keyboard.keyboard
      ? summary.reply_keyboard : null;
    const kind = me.deactivated ? "gone" : !summary ? "none" : summary.blocked ? "blocked"
      : summary.can_start ? "start" : "write";
    const next = JSON.stringify([kind, phone.current(), markup, summary && summary.title]);
    if (!fresh && next === state) return;
    if (next !== state && markup && !state.includes(JSON.stringify(markup))) folded = false;
    state = next;
    if (kind === "gone") plain(t("deactivated"));
    else if (kind === "none") node.replaceChildren();
    else if (kind === "blocked") plain(t("blocked"), t("unblock_bot"), () => phone.send("unblocks"), "unblock");
    else if (kind === "start") {
      plain(t("start_hint", { name: summary.title }), t("start"), () => phone.send("starts"), "start");
    } else drawField(markup);
  }

  function open() {
    if (open.chat) drafts.set(open.chat, draft);
    open.chat = phone.current();
    draft = drafts.get(open.chat) || "";
    about = null;
    draw(true);
  }

  function take(message, editing) {
    about = { message, editing };
    if (editing) draft = message.text ?? message.caption;
    draw(true);
    field.focus();
  }

  return {
    node, open, draw,
    replyTo: (message) => take(message, false),
    edit: (message) => take(message, true),
    relabel: () => draw(true),
  };
}
