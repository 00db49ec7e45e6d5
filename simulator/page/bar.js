// The bar above the phones: the town's clock, the bot's process, faults, people, language.

import { post } from "./api.js";
import { h, icon, iconButton, s } from "./dom.js";
import { languages, longDate, page, setLanguage, shortDate, shortMoment, t, timeOf, yearOf } from "./i18n.js";
import { listen, loadState, store, townNow } from "./store.js";

const HOUR = 3600;
const JUMPS = [["jump_hour", HOUR], ["jump_day", 24 * HOUR], ["jump_month", 28 * 24 * HOUR]];
const TICK_MS = 1000;

/** Calls by which a bot speaks: faults strike these, not its waiting for news. */
const SPOKEN = [
  "sendMessage", "sendPhoto", "sendMediaGroup", "sendVoice", "sendDocument", "sendLocation",
  "sendVenue", "sendContact", "sendPoll", "editMessageText", "editMessageCaption",
  "editMessageReplyMarkup", "editMessageMedia", "answerCallbackQuery", "copyMessage",
];
const FAULTS = {
  drop_before: { method: SPOKEN }, drop_after: { method: SPOKEN }, error_500: { method: SPOKEN },
  bad_gateway: { method: SPOKEN }, delay: { method: SPOKEN, ms: 3000 },
  too_many: { method: SPOKEN, retry_after: 5 }, duplicate: {}, duplicate_tap: {},
};

const mark = () => s("svg", { viewBox: "0 0 32 32", class: "mark", "aria-hidden": "true" },
  s("rect", { width: 32, height: 32, rx: 9 }),
  s("path", { d: "M6 13 16 6l10 7v2H6zM8.500 17h3v7h-3zM14.500 17h3v7h-3zM20.500 17h3v7h-3zM6 25h20v2H6z" }));

/**
 * @param root the header element.
 * @param showPeople opens the dialog of people.
 * @param relabel draws the whole page again in another language.
 * @param fail shows what went wrong.
 */
export function bar(root, { showPeople, relabel, fail }) {
  let clock, process, panel, offline;

  async function jump(seconds) {
    try { await post("/sim/clock/jump", { seconds }); } catch (error) { fail(error); }
  }

  async function setProcess(verb, button) {
    button.disabled = true;
    try {
      await post("/sim/process", { do: verb });
      await loadState();
    } catch (error) { fail(error); }
    button.disabled = false;
  }

  function drawClock() {
    const now = townNow();
    clock.time.textContent = timeOf(now);
    clock.time.setAttribute("datetime", now.toISOString());
    for (const [part, words] of [[clock.date, longDate(now)], [clock.brief, shortDate(now)]]) {
      if (part.textContent === words) continue;
      part.textContent = words;
      part.title = yearOf(now);
    }
    const walking = Boolean(store.target);
    clock.walk.hidden = !walking;
    if (!walking) return;
    const whole = store.target - store.walkFrom;
    const share = whole > 0 ? Math.min(1, Math.max(0, (now - store.walkFrom) / whole)) : 0;
    clock.walkBar.style.setProperty("--share", `${(share * 100).toFixed(1)}%`);
    clock.walkBar.setAttribute("aria-valuenow", Math.round(share * 100));
    const words = t("walking", { when: shortMoment(store.target) });
    if (clock.walkText.textContent !== words) clock.walkText.textContent = words;
  }

  function drawProcess() {
    process.hidden = !store.process;
    if (!store.process) return;
    const on = store.process.running;
    const button = h("button.quiet", {
      "data-testid": on ? "bot-kill" : "bot-start", title: t(on ? "bot_kill_hint" : "bot_start_hint"),
      onclick: () => setProcess(on ? "kill" : "start", button),
    }, icon("power"), t(on ? "bot_kill" : "bot_start"));
    process.replaceChildren(
      h("span.dot", { class: on ? "on" : "off", "aria-hidden": "true" }),
      h("span.process-words", { role: "status", "data-testid": "bot-state" }, t(on ? "bot_running" : "bot_stopped")),
      button);
  }

  function toolsPanel() {
    const times = h("input", { type: "number", min: 1, max: 99, value: "1", required: true });
    const boxes = Object.keys(FAULTS).map((kind) => [kind, h("input", { type: "checkbox", "data-testid": `fault-${kind}` })]);
    const said = h("p.soft", { role: "status", "data-testid": "faults-said" });
    async function set(faults) {
      try {
        await post("/sim/faults", faults);
        said.textContent = t("faults_set", { n: faults.length });
      } catch (error) { fail(error); }
    }
    const limits = h("input", {
      type: "checkbox", checked: store.rateLimits, "data-testid": "rate-limits",
      onchange: async () => {
        try { await post("/sim/settings", { rate_limits: limits.checked }); await loadState(); } catch (error) { fail(error); }
      },
    });
    const node = h("dialog.panel", { "data-testid": "tools-panel", "aria-label": t("tools"),
      onclick: (event) => { if (event.target === node) node.close(); } },
    h("div.panel-body", {},
      h("header", {}, h("h2", {}, t("tools")), iconButton("close", t("close"), { onclick: () => node.close() })),
      h("label.switch", {}, limits, h("span", {}, t("rate_limits"))),
      h("p.soft", {}, t("faults_lead")),
      h("div.checks", {}, boxes.map(([kind, box]) => h("label.switch", {}, box, h("span", {}, t(`fault_${kind}`))))),
      h("label.field-row", {}, h("span", {}, t("fault_times")), times),
      h("div.sheet-foot", {},
        h("button.main", { "data-testid": "faults-apply", onclick: () => set(boxes.filter(([, box]) => box.checked)
          .map(([kind]) => ({ kind, count: Math.max(1, times.valueAsNumber || 1), ...FAULTS[kind] }))) }, t("faults_apply")),
        h("button.quiet", { "data-testid": "faults-clear", onclick: () => { boxes.forEach(([, box]) => { box.checked = false; }); set([]); } }, t("faults_clear"))),
      said));
    return node;
  }

  function draw() {
    const bot = store.bots[0];
    document.title = bot ? `${bot.first_name} · ${t("simulator")}` : t("simulator");
    clock = {
      time: h("time.clock-time", { "data-testid": "clock-time" }),
      brief: h("span.clock-date.brief"),
      date: h("span.clock-date.full", { "data-testid": "clock-date" }),
      walkText: h("span", { "data-testid": "walking" }),
      walkBar: h("span.walk-bar", { role: "progressbar", "aria-label": t("jump"), "aria-valuemin": 0, "aria-valuemax": 100 }),
    };
    clock.walk = h("div.walk", { hidden: true, role: "status" }, clock.walkText, clock.walkBar);
    process = h("div.process", { hidden: true });
    if (panel) panel.remove();
    panel = toolsPanel();
    document.body.append(panel);
    offline = offline || h("div.offline", { role: "alert", hidden: true });
    offline.textContent = t("connecting");
    root.replaceChildren(
      h("div.brand", {}, mark(), h("span", {}, h("b", { dir: "auto" }, bot ? bot.first_name : ""), h("small", {}, t("simulator")))),
      h("div.clock", { role: "group", "aria-label": t("town_clock") },
        h("div.clock-face", {}, clock.time, clock.date, clock.brief),
        h("div.jumps", { role: "group", "aria-label": t("jump") }, JUMPS.map(([key, seconds]) =>
          h("button.jump", { "data-testid": key, onclick: () => jump(seconds) }, t(key)))),
        clock.walk),
      process,
      h("div.bar-tools", {},
        h("button.quiet.wide", { onclick: showPeople, "data-testid": "people" }, icon("people"), h("span", {}, t("people"))),
        iconButton("tools", t("tools"), { "data-testid": "tools", onclick: () => panel.showModal() }),
        h("select", { "aria-label": t("language"), "data-testid": "language", onchange: (event) => {
          setLanguage(event.target.value);
          relabel();
        } }, languages.map((one) => h("option", { value: one, selected: one === page.language }, one.toUpperCase())))),
      offline);
    drawClock();
    drawProcess();
  }

  listen("clock", () => clock && drawClock());
  listen("process", () => process && drawProcess());
  setInterval(() => clock && drawClock(), TICK_MS);

  return {
    draw,
    /** The bot's name may change while people are reading: only then is the bar drawn again. */
    refresh() {
      const name = root.querySelector(".brand b");
      if (!name || name.textContent !== (store.bots[0]?.first_name ?? "")) draw();
      const limits = panel && panel.querySelector("[data-testid=rate-limits]");
      if (limits) limits.checked = store.rateLimits;
    },
    connected(yes) { if (offline) offline.hidden = yes; },
  };
}
