// The page's language and the town's time: the only place where a key becomes a sentence and a
// moment becomes words.

import { tables } from "./strings.js";

const KEPT = "simulator.language";
export const languages = Object.keys(tables);

function first() {
  let kept = null;
  try { kept = localStorage.getItem(KEPT); } catch { /* storage may be switched off */ }
  const wished = [kept, ...(navigator.languages || [navigator.language])];
  for (const tag of wished) {
    const two = String(tag || "").slice(0, 2).toLowerCase();
    if (tables[two]) return two;
  }
  return "es";
}

export const page = { language: first(), zone: undefined };

export function setLanguage(language) {
  page.language = tables[language] ? language : "es";
  document.documentElement.lang = page.language;
  try { localStorage.setItem(KEPT, page.language); } catch { /* only remembered for this visit */ }
}
setLanguage(page.language);

/** The sentence of a key, its {places} filled in. */
export function t(key, values) {
  const sentence = tables[page.language][key];
  if (sentence === undefined) throw new Error(`no such text: ${key}`);
  return sentence.replace(/\{(\w+)\}/g, (whole, name) =>
    values && name in values ? String(values[name]) : whole);
}

/** A sentence that depends on a number: t_one or t_other. */
export function tn(key, n) {
  const form = new Intl.PluralRules(page.language).select(n) === "one" ? "one" : "other";
  return t(`${key}_${form}`, { n });
}

/** Take the town's zone from what the server says: a zone's name, or the offset of its clock. */
export function setZone(name, iso) {
  const offset = /([+-]\d\d:\d\d)$/.exec(iso || "");
  const wished = name || (offset && offset[1] !== "+00:00" ? offset[1] : undefined);
  try {
    new Intl.DateTimeFormat("es", { timeZone: wished });
    page.zone = wished;
  } catch {
    page.zone = undefined;
  }
}

function format(moment, options) {
  const locale = page.language === "pt" ? "pt-BR" : page.language;
  return new Intl.DateTimeFormat(locale, { timeZone: page.zone, ...options }).format(moment);
}

export const timeOf = (moment) =>
  format(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const longDate = (moment) =>
  format(moment, { weekday: "long", day: "numeric", month: "long" });
export const yearOf = (moment) => format(moment, { year: "numeric" });
export const shortDate = (moment) =>
  format(moment, { weekday: "short", day: "numeric", month: "short" });
export const shortMoment = (moment) =>
  `${shortDate(moment)}, ${timeOf(moment)}`;

/** A day as a sortable key in the town's zone: 2026-05-01. */
export function dayKey(moment) {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: page.zone, year: "numeric", month: "2-digit", day: "2-digit",
  }).formatToParts(moment);
  const part = (type) => parts.find((one) => one.type === type).value;
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** Today, Yesterday, or the date, as seen from the town's now. */
export function dayName(moment, now) {
  const key = dayKey(moment);
  if (key === dayKey(now)) return t("today");
  if (key === dayKey(new Date(now.getTime() - 86400000))) return t("yesterday");
  const sameYear = key.slice(0, 4) === dayKey(now).slice(0, 4);
  return format(moment, { day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) });
}

/** 75 seconds are 1:15. */
export function minutes(seconds) {
  const whole = Math.max(0, Math.round(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function fileSize(bytes) {
  const format = new Intl.NumberFormat(page.language, { maximumFractionDigits: 1 });
  if (bytes >= 1e6) return `${format.format(bytes / 1e6)} MB`;
  return `${format.format(Math.max(bytes, 0) / 1e3)} kB`;
}
