// A group as one of its members sees it: who is in it, and what this person may do there.

import { post } from "./api.js";
import { avatar, h } from "./dom.js";
import { t, tn } from "./i18n.js";
import { nameOf } from "./message.js";
import { loadChats, loadState, person as personOf, store } from "./store.js";

const RULES = new Set(["creator", "administrator"]);

export function groupSheet(phone, group) {
  const key = String(group.id);
  const members = (group.members || []).filter((one) => !["left", "kicked"].includes(one.status));
  const me = members.find((one) => one.user_id === phone.person);
  const rules = me && RULES.has(me.status);
  const bots = store.bots.map((bot) => ({ bot, inside: members.some((one) => one.user_id === bot.id) }));

  async function then(work) {
    close();
    await work;
    try {
      await Promise.all([loadState(), loadChats(phone.person)]);
    } catch (error) { phone.toast(t("failed", { why: error.message })); }
  }
  const act = (verb, rest) => then(phone.run(verb, { chat: key, ...rest }));
  async function migrate() {
    try { await post(`/sim/groups/${group.id}/migrate`); } catch (error) {
      phone.toast(t("failed", { why: error.message }));
    }
  }

  const line = (one) => {
    const user = personOf(one.user_id) || store.bots.find((bot) => bot.id === one.user_id) || {};
    return h("li", {}, avatar(nameOf(user), one.user_id, user.color),
      h("span", {}, h("b", { dir: "auto" }, nameOf(user)),
        h("small", {}, t(`status_${one.status}`) )),
      rules && one.status === "member" && one.user_id !== phone.person
        ? h("button.quiet", { onclick: () => act("promotes", { user_id: one.user_id }) },
          t("group_promote")) : null);
  };
  const button = (label, run) => h("button.quiet", { onclick: run }, label);
  const close = phone.sheet(group.title, h("div.sheet-body", {},
    h("p.soft", {}, tn("members", members.length)),
    h("ul.members", {}, members.map(line)),
    rules && group.type === "supergroup" ? h("label.switch", {},
      h("input", { type: "checkbox", checked: me.anonymous, onchange: (event) => act("anonymous", { on: event.target.checked }) }),
      h("span", {}, t("group_anonymous"))) : null,
    h("div.sheet-foot", {},
      rules ? bots.map(({ bot, inside }) => button(
        `${t(inside ? "group_remove_bot" : "group_add_bot")} (${bot.first_name})`,
        () => act(inside ? "removes_bot" : "adds_bot", { bot: bot.id }))) : null,
      rules && group.type === "group" ? button(t("group_migrate"), () => then(migrate())) : null,
      me ? button(t("group_leave"), () => act("leaves")) : null)));
}
