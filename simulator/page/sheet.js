// Panels that rise over a phone's screen; while one is open, what lies below cannot be reached.

import { h, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";

/** @returns {{open(title, content, options) -> close(), actions(title, items), close()}} */
export function layer(screen) {
  let current = null;

  function close() {
    if (!current) return;
    const { veil, before, onclose } = current;
    current = null;
    for (const one of screen.children) one.inert = false;
    veil.remove();
    if (before && before.isConnected) before.focus({ preventScroll: true });
    if (onclose) onclose();
  }

  function open(title, content, options) {
    close();
    const { middle, onclose } = options || {};
    const sheet = h("div.sheet", { role: "dialog", "aria-modal": "true", "aria-label": title || t("message"), "data-testid": "sheet" },
      title ? h("header", {}, h("h3", {}, title),
        iconButton("close", t("close"), { onclick: close })) : null,
      content);
    const veil = h("div.veil", {
      class: middle ? "middle" : "",
      onclick: (event) => { if (event.target === veil) close(); },
      onkeydown: (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } },
    }, sheet);
    current = { veil, onclose, before: document.activeElement };
    for (const one of screen.children) one.inert = true;
    screen.append(veil);
    const first = sheet.querySelector("[autofocus], .sheet-body button, .sheet-body input, .action, .main, button");
    if (first) first.focus({ preventScroll: true });
    return close;
  }

  function actions(title, items) {
    return open(title, h("div.actions", {}, items.filter(Boolean).map((item) =>
      h("button.action", {
        class: item.danger ? "danger" : "", "data-testid": item.testid ? `action-${item.testid}` : null,
        onclick: () => { close(); item.run(); },
      }, icon(item.icon), h("span", { dir: "auto" }, item.label,
        item.note ? h("small", { dir: "auto" }, item.note) : null)))));
  }

  return { open, actions, close };
}
