// Who is on the page: choose the phones in view, add a person, make a group.

import { post } from "./api.js";
import { avatar, h, iconButton } from "./dom.js";
import { page, t } from "./i18n.js";
import { nameOf } from "./message.js";
import { loadChats, loadState, store } from "./store.js";

const LANGUAGES = { es: "Español", en: "English", pt: "Português", fr: "Français", ar: "العربية", qu: "Runa Simi" };

/** @param shown {has(id), add(id), remove(id)}: the phones in view; `fail` shows what went wrong. */
export function peopleDialog(shown, fail) {
  const name = h("input", { type: "text", required: true, maxlength: 64, dir: "auto", "data-testid": "person-name", autocomplete: "off" });
  const language = h("select", { "data-testid": "person-language" }, Object.entries(LANGUAGES).map(([code, word]) =>
    h("option", { value: code, selected: code === page.language }, word)));
  const title = h("input", { type: "text", required: true, maxlength: 128, dir: "auto", "data-testid": "group-title", autocomplete: "off" });
  const withBot = h("input", { type: "checkbox", checked: true });

  const box = (one) => h("label.person-choice", {},
    h("input", {
      type: "checkbox", checked: shown.has(one.id), "data-testid": `show-${one.id}`,
      onchange: (event) => (event.target.checked ? shown.add(one.id) : shown.remove(one.id)),
    }),
    avatar(nameOf(one), one.id, one.color), h("span", { dir: "auto" }, nameOf(one)),
    h("small", {}, (one.language_code || "").toUpperCase()));
  const members = store.people.map((one) => [one, h("input", { type: "checkbox", checked: shown.has(one.id) })]);

  async function addPerson(event) {
    event.preventDefault();
    const [first, ...rest] = name.value.trim().split(/\s+/);
    if (!first) return;
    try {
      const made = await post("/sim/people", {
        first_name: first, language_code: language.value, ...(rest.length ? { last_name: rest.join(" ") } : {}),
      });
      await loadState();
      dialog.close();
      shown.add(made.id);
    } catch (error) { fail(error); }
  }

  async function addGroup(event) {
    event.preventDefault();
    const chosen = members.filter(([, check]) => check.checked).map(([one]) => one.id);
    if (!chosen.length) return;
    try {
      await post("/sim/groups", {
        title: title.value.trim(), members: chosen, admins: [chosen[0]], bot: withBot.checked, bot_admin: withBot.checked,
        supergroup: true,
      });
      await loadState();
      await Promise.all(chosen.map(loadChats));
      dialog.close();
    } catch (error) { fail(error); }
  }

  const dialog = h("dialog.panel", {
    "data-testid": "people-panel", "aria-label": t("people"), onclose: () => dialog.remove(),
    onclick: (event) => { if (event.target === dialog) dialog.close(); },
  }, h("div.panel-body", {},
    h("header", {}, h("h2", {}, t("people")), iconButton("close", t("close"), { onclick: () => dialog.close() })),
    h("fieldset.people-list", {}, h("legend", {}, t("people_shown")), store.people.map(box)),
    h("form.stacked", { onsubmit: addPerson }, h("h3", {}, t("person_new")),
      h("label.field-row", {}, h("span", {}, t("person_name")), name),
      h("label.field-row", {}, h("span", {}, t("person_language")), language),
      h("button.main", { type: "submit", "data-testid": "person-add" }, t("person_add"))),
    h("details", {}, h("summary", {}, t("group_new")),
      h("form.stacked", { onsubmit: addGroup },
        h("label.field-row", {}, h("span", {}, t("group_title")), title),
        h("fieldset.people-list.short", {}, h("legend", {}, t("group_members")),
          members.map(([one, check]) => h("label.person-choice", {}, check, h("span", { dir: "auto" }, nameOf(one))))),
        h("label.switch", {}, withBot, h("span", {}, t("group_bot"))),
        h("button.main", { type: "submit", "data-testid": "group-add" }, t("group_add"))))));
  document.body.append(dialog);
  dialog.showModal();
}
