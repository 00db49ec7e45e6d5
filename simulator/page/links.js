// What a tap on a link does: the bot's own links and invitations stay on the phone.

import { t } from "./i18n.js";
import { chats as chatsOf, loadChats, store } from "./store.js";

const TELEGRAM = ["t.me", "www.t.me", "telegram.me"];
const OPENED = ["http:", "https:", "mailto:", "tel:"];

function parse(url) {
  try {
    return new URL(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`);
  } catch {
    return null;
  }
}

async function join(phone, link) {
  const before = new Set(chatsOf(phone.person).map((one) => one.chat));
  const answer = await phone.run("joins", { link });
  if (!answer) return;
  phone.toast(t(answer.joined ? "joined" : "join_asked"));
  try { await loadChats(phone.person); } catch { return; }
  const entered = chatsOf(phone.person).find((one) => !before.has(one.chat));
  if (entered) phone.open(entered.chat);
}

/** The bot a link names, by t.me/<name> or tg://resolve?domain=<name>. */
function botNamed(link, inTelegram, parts) {
  const name = link.protocol === "tg:" ? link.searchParams.get("domain")
    : inTelegram && parts.length === 1 ? parts[0] : null;
  return name && store.bots.find((one) => one.username.toLowerCase() === name.toLowerCase());
}

/** Follow a link on somebody's phone; anything that is not the web's or Telegram's is refused. */
export async function follow(phone, url) {
  const link = parse(url);
  if (!link) { phone.toast(t("link_odd")); return; }
  const inTelegram = TELEGRAM.includes(link.hostname);
  const parts = link.pathname.split("/").filter(Boolean);
  if (inTelegram && parts.length && (parts[0].startsWith("+") || parts[0] === "joinchat")) {
    await join(phone, link.href);
    return;
  }
  const bot = botNamed(link, inTelegram, parts);
  if (bot) {
    phone.open(`bot:${bot.id}`);
    const payload = link.searchParams.get("start");
    if (payload !== null) phone.send("starts", { payload });
    return;
  }
  if (OPENED.includes(link.protocol)) window.open(link.href, "_blank", "noopener,noreferrer");
  else phone.toast(t("link_odd"));
}
