// What a message carries besides words: photos, sound, files, places, contacts, stickers, polls.

import { fileUrl } from "./api.js";
import { h, icon, s } from "./dom.js";
import { fileSize, minutes, t, tn } from "./i18n.js";
import { miniMap, territoryAt } from "./map.js";

/** The smallest of a photo's sizes that is sharp in a bubble. */
function bubbleSize(sizes) {
  const sorted = [...sizes].sort((a, b) => a.width - b.width);
  return sorted.find((one) => one.width >= 560) || sorted[sorted.length - 1];
}

export function photo(message, show) {
  const size = bubbleSize(message.photo);
  const full = message.photo.reduce((a, b) => (b.width > a.width ? b : a));
  const words = message.caption || t("photo");
  return h("button.photo", {
    "aria-label": t("photo_open"), "data-testid": "photo",
    onclick: () => show(h("img", { src: fileUrl(full.file_id), alt: words })),
  }, h("img", {
    src: fileUrl(size.file_id), alt: words, width: size.width, height: size.height, loading: "lazy",
  }));
}

let playing = null;

/** Bars that differ from voice to voice, as decoration: they are not the sound's real shape. */
function bars(seed) {
  let state = 7;
  for (const letter of String(seed)) state = (state * 31 + letter.codePointAt(0)) % 65521;
  return Array.from({ length: 28 }, (_, i) => {
    state = (state * 75 + 74) % 65537;
    const high = 4 + (state % 13);
    return s("rect", { x: i * 5, y: 10 - high / 2, width: 2.5, height: high, rx: 1.25 });
  });
}

export function voice(sound) {
  const audio = new Audio();
  audio.preload = "none";
  const wave = s("svg", { viewBox: "0 0 140 20", class: "wave", "aria-hidden": "true" }, bars(sound.file_unique_id));
  const time = h("span.voice-time", {}, minutes(sound.duration));
  const button = h("button.round", { "aria-label": t("voice_play"), onclick: toggle }, icon("play"));

  function face(on) {
    button.replaceChildren(icon(on ? "pause" : "play"));
    button.setAttribute("aria-label", t(on ? "voice_pause" : "voice_play"));
  }
  async function toggle() {
    if (!audio.paused) return audio.pause();
    if (!audio.src) audio.src = fileUrl(sound.file_id);
    if (playing && playing !== audio) playing.pause();
    playing = audio;
    try { await audio.play(); } catch {
      face(false);
      time.textContent = t("voice_failed");
    }
    return undefined;
  }
  audio.addEventListener("play", () => face(true));
  audio.addEventListener("pause", () => face(false));
  audio.addEventListener("timeupdate", () => {
    const share = audio.duration > 0 ? audio.currentTime / audio.duration : 0;
    [...wave.children].forEach((bar, i) => bar.classList.toggle("heard", i / 28 < share));
    time.textContent = minutes(audio.paused ? sound.duration : audio.currentTime);
  });
  return h("div.voice", { "data-testid": "voice", "aria-label": t("voice"), role: "group" }, button, wave, time);
}

export function file(document) {
  return h("a.file", {
    href: fileUrl(document.file_id), download: document.file_name || "file", "data-testid": "document",
    "aria-label": `${t("download")}: ${document.file_name || t("document")}`,
  }, h("span.round", {}, icon("file")),
  h("span.file-words", {}, h("b", {}, document.file_name || t("document")),
    h("small", {}, fileSize(document.file_size || 0))));
}

export function place(message) {
  const spot = message.venue ? message.venue.location : message.location;
  const barrio = territoryAt(spot.latitude, spot.longitude);
  const coordinates = `${spot.latitude.toFixed(5)}, ${spot.longitude.toFixed(5)}`;
  const words = message.venue
    ? [h("b", {}, message.venue.title), h("small", {}, message.venue.address || barrio)]
    : [h("b", {}, spot.live_period ? t("live_location") : barrio || t("location")),
      h("small", {}, spot.live_period && barrio ? barrio : coordinates)];
  return h("div.place", { "data-testid": "place" },
    miniMap(spot.latitude, spot.longitude), h("div.place-words", {}, words));
}

export function contact(person) {
  return h("div.file", { "data-testid": "contact" }, h("span.round", {}, icon("contact")),
    h("span.file-words", {},
      h("b", {}, [person.first_name, person.last_name].filter(Boolean).join(" ")),
      h("small", {}, person.phone_number)));
}

export function sticker(one) {
  return h("div.sticker", { role: "img", "aria-label": `${t("sticker")} ${one.emoji || ""}`, "data-testid": "sticker" },
    one.emoji || "🙂");
}

/** @param vote is called with the numbers of the options chosen; [] takes the vote back. */
export function poll(one, vote) {
  const counted = one.total_voter_count || 0;
  const several = one.allows_multiple_answers;
  const chosen = new Set();
  const lines = one.options.map((option, number) => {
    const share = counted ? Math.round((100 * option.voter_count) / counted) : 0;
    const line = h("button.poll-option", {
      disabled: one.is_closed, "aria-pressed": "false", "data-testid": `poll-option-${number}`,
      onclick: () => {
        if (!several) return vote([number]);
        if (!chosen.delete(number)) chosen.add(number);
        line.setAttribute("aria-pressed", String(chosen.has(number)));
        return undefined;
      },
    }, h("span", { dir: "auto" }, option.text), counted ? h("span.share", {}, `${share} %`) : null,
    h("span.poll-bar", { style: { "--share": `${share}%` } }));
    return line;
  });
  return h("div.poll", { "data-testid": "poll" },
    h("b", { dir: "auto" }, one.question),
    h("small", {}, one.is_closed ? t("poll_closed") : one.is_anonymous ? t("poll_anonymous") : t("poll")),
    lines,
    h("div.poll-foot", {}, h("small", {}, tn("poll_votes", counted)),
      several && !one.is_closed ? h("button.quiet", { onclick: () => vote([...chosen]) }, t("poll_vote")) : null,
      counted && !one.is_closed ? h("button.quiet", { onclick: () => vote([]) }, t("poll_retract")) : null));
}
