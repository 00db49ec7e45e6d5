// One message as a bubble, from the Bot API's own Message object.

import { avatar, colourOf, h, icon, iconButton } from "./dom.js";
import { rich } from "./entities.js";
import { t, timeOf } from "./i18n.js";
import { contact, file, photo, place, poll, sticker, voice } from "./media.js";
import { person as personOf, store } from "./store.js";

export const nameOf = (user) =>
  user ? [user.first_name, user.last_name].filter(Boolean).join(" ") || user.title || "" : "";

/** Who a message is from as the reader sees it: an anonymous administrator is the group. */
export const author = (message) => message.sender_chat || message.from || message.chat;

/** A message in a few words, for a quote or a list of chats. */
export function gist(message) {
  if (!message) return "";
  const words = message.text || message.caption;
  if (words) return words.replace(/\s+/g, " ");
  if (message.photo) return t("photo");
  if (message.voice || message.audio || message.video_note) return t("voice");
  if (message.venue) return message.venue.title;
  if (message.location) return t("location");
  if (message.document) return message.document.file_name || t("document");
  if (message.sticker) return `${t("sticker")} ${message.sticker.emoji || ""}`;
  if (message.contact) return t("contact");
  if (message.poll) return message.poll.question;
  return service(message) || t("unsupported");
}

/** The words of a notice that nobody wrote, or null for an ordinary message. */
export function service(message) {
  const who = nameOf(author(message)) || t("somebody");
  if (message.new_chat_members) {
    return t("service_joined", { names: message.new_chat_members.map(nameOf).join(", ") });
  }
  if (message.left_chat_member) return t("service_left", { name: nameOf(message.left_chat_member) });
  if (message.group_chat_created || message.supergroup_chat_created) return t("service_created");
  if (message.new_chat_title) return t("service_title", { title: message.new_chat_title });
  if (message.pinned_message) return t("service_pinned", { name: who });
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return t("service_migrated");
  const kinds = ["new_chat_photo", "delete_chat_photo", "message_auto_delete_timer_changed",
    "forum_topic_created", "write_access_allowed", "boost_added", "chat_background_set"];
  return kinds.some((kind) => message[kind]) ? t("service_other") : null;
}

/** A text: the hour is put into its last line later, so that short messages stay short. */
function worded(words, entities, phone) {
  return h("div.text", { dir: "auto" }, h("span.words", {}, rich(words, entities, phone.taps)));
}

function body(message, phone) {
  const parts = [];
  if (message.photo) parts.push(photo(message, phone.enlarge));
  if (message.voice) parts.push(voice(message.voice));
  else if (message.audio) parts.push(voice(message.audio));
  if (message.document && !message.animation) parts.push(file(message.document));
  if (message.video) parts.push(file({ file_name: "video.mp4", ...message.video }));
  if (message.animation) parts.push(file({ file_name: "animation.mp4", ...message.animation }));
  if (message.venue || message.location) parts.push(place(message));
  if (message.contact) parts.push(contact(message.contact));
  if (message.sticker) parts.push(sticker(message.sticker));
  if (message.poll) parts.push(poll(message.poll, (options) => phone.vote(message, options)));
  const words = message.text ?? message.caption;
  if (words !== undefined) parts.push(worded(words, message.entities || message.caption_entities, phone));
  if (!parts.length) parts.push(h("div.words.odd", {}, t("unsupported")));
  return parts;
}

function forwardedFrom(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const name = nameOf(origin.sender_user) || origin.sender_user_name || nameOf(origin.sender_chat || origin.chat);
  return h("div.forwarded", {}, t("forwarded", { name: name || t("somebody") }));
}

function quote(message, phone) {
  const said = message.reply_to_message;
  if (!said) return null;
  return h("button.quote", { onclick: () => phone.showMessage(said.message_id) },
    h("b", { dir: "auto" }, nameOf(author(said)) || t("somebody")),
    h("span", { dir: "auto" }, (message.quote && message.quote.text) || gist(said)));
}

function keyboard(message, phone) {
  const rows = message.reply_markup && message.reply_markup.inline_keyboard;
  if (!rows || !rows.length) return null;
  return h("div.inline-keyboard", { "data-testid": "inline-keyboard" }, rows.map((row, y) =>
    h("div.inline-row", {}, row.map((button, x) => {
      const node = h("button.inline-button", {
        "data-testid": "inline-button", class: button.style ? `style-${button.style}` : "",
        onclick: () => phone.tap(message, button, y, x, node),
      }, h("span", { dir: "auto" }, button.text), button.url ? icon("out") : null);
      return node;
    }))));
}

/**
 * @param entry {message, mine, edited}; `first` is false when the one above is by the same author.
 * @param more the other messages of an album, shown in the same bubble.
 */
export function bubble(entry, phone, first, more) {
  const { message } = entry;
  const notice = service(message);
  if (notice) {
    return h("div.notice", { "data-message": message.message_id, "data-testid": "message" },
      h("span", { dir: "auto" }, notice));
  }
  const inGroup = message.chat && message.chat.type !== "private";
  const from = author(message);
  const album = [entry, ...(more || [])];
  const captioned = album.find((one) => one.message.caption);
  const bare = message.sticker || (message.photo && !message.caption && album.length === 1);
  const colour = personOf(from.id)?.color;
  const isBot = store.bots.some((bot) => bot.id === from.id);
  const content = album.length > 1
    ? [h("div.album", { class: `of-${Math.min(album.length, 4)}`, "aria-label": t("album"), role: "group" },
      album.map((one) => (one.message.photo
        ? photo(one.message, phone.enlarge) : body({ ...one.message, caption: undefined }, phone)))),
    captioned ? worded(captioned.message.caption, captioned.message.caption_entities, phone) : null]
    : body(message, phone);
  const when = new Date(message.date * 1000);
  // A card with buttons is kept up to date by its bot: saying so each time would only be noise.
  const changed = !message.reply_markup?.inline_keyboard
    && album.some((one) => one.edited || one.message.edit_date);
  const meta = h("span.meta", {}, changed ? h("span", {}, `${t("edited")} · `) : null,
    h("time", { datetime: when.toISOString() }, timeOf(when)));
  const text = content.filter(Boolean).find((one) => one.classList.contains("text"));
  if (text) text.append(meta);
  return h("div.line", {
    class: [entry.mine ? "mine" : "theirs", first ? "first" : "", inGroup ? "in-group" : ""].join(" "),
    "data-message": message.message_id, "data-testid": "message",
    "data-mine": entry.mine ? "yes" : "no",
  },
  inGroup && !entry.mine
    ? h("span.line-avatar", {}, first ? avatar(nameOf(from), from.id, colour) : null) : null,
  h("div.stack", {},
    h("div.bubble", { class: bare ? "bare" : "", "data-testid": "bubble" },
      first && inGroup && !entry.mine
        ? h("div.from", { style: { "--colour": colourOf(from.id, colour) }, dir: "auto" }, nameOf(from),
          isBot ? h("small", {}, t("chat_bot")) : null) : null,
      forwardedFrom(message), quote(message, phone), content, text ? null : meta),
    entry.reaction?.length
      ? h("div.reactions", {}, entry.reaction.map((one) => h("span", {}, one.emoji || "★"))) : null,
    keyboard(message, phone)),
  iconButton("more", t("message_menu"), {
    class: "line-menu", "data-testid": "message-menu", "aria-haspopup": "dialog",
    onclick: (event) => phone.messageMenu(entry, event.currentTarget),
  }));
}
