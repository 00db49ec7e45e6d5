// A message's text with its entities, as nodes. Telegram counts offsets in UTF-16 code units, which
// is what a JavaScript string is made of.

import { h } from "./dom.js";
import { t } from "./i18n.js";

const LINKS = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]|\bt\.me\/[^\s<>"]+[^\s<>".,;:!?)\]])|(?<=^|\s)(\/[a-z][a-z0-9_]{0,31})(?=$|[\s.,;:!?])/giu;

/** Links and commands that no entity marks are still tapped in a messenger. */
function linkify(text, taps) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(LINKS)) {
    if (found.index > at) nodes.push(text.slice(at, found.index));
    nodes.push(found[1] ? link(found[1], found[1], taps) : command(found[2], taps));
    at = found.index + found[0].length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}

function link(content, url, taps) {
  return h("a", {
    href: /^https?:\/\//i.test(url) ? url : `https://${url.replace(/^[a-z]+:(\/\/)?/i, "")}`,
    rel: "noopener noreferrer", target: "_blank",
    onclick: (event) => { event.preventDefault(); taps.link(url); },
  }, content);
}

function command(text, taps) {
  return h("button.inline-link", { onclick: () => taps.command(text) }, text);
}

function spoiler(inner) {
  const node = h("span.spoiler", {
    role: "button", tabindex: "0", "aria-label": t("spoiler"),
    onclick: show, onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") show(event); },
  }, inner);
  function show(event) {
    if (node.classList.contains("shown")) return;
    event.preventDefault();
    event.stopPropagation();
    node.classList.add("shown");
    node.removeAttribute("aria-label");
    node.removeAttribute("role");
    node.removeAttribute("tabindex");
  }
  return node;
}

function wrap(entity, text, inner, taps) {
  switch (entity.type) {
    case "bold": return h("b", {}, inner);
    case "italic": return h("i", {}, inner);
    case "underline": return h("u", {}, inner);
    case "strikethrough": return h("s", {}, inner);
    case "code": return h("code", {}, inner);
    case "pre": return h("pre", {}, h("code", {}, inner));
    case "blockquote": return h("blockquote", {}, inner);
    case "expandable_blockquote": return h("blockquote", {}, inner);
    case "spoiler": return spoiler(inner);
    case "text_link": return link(inner, entity.url || "", taps);
    case "url": return link(inner, text, taps);
    case "bot_command": return command(text, taps);
    case "mention": case "text_mention": case "hashtag": case "cashtag":
      return h("span.mention", {}, inner);
    default: return h("span", {}, inner);
  }
}

const PLAIN = new Set(["code", "pre", "text_link", "url", "bot_command"]);

function part(text, from, to, entities, taps, linked) {
  const nodes = [];
  let at = from;
  const queue = [...entities];
  while (queue.length) {
    const entity = queue.shift();
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (start >= end) continue;
    if (start > at) nodes.push(...plain(text.slice(at, start), taps, linked));
    const inside = [];
    while (queue.length && queue[0].offset < end) {
      const next = queue.shift();
      inside.push(next);
      const over = next.offset + next.length - end;
      if (over > 0) queue.unshift({ ...next, offset: end, length: over });
      if (over > 0) break;
    }
    const inner = part(text, start, end, inside, taps, linked || PLAIN.has(entity.type));
    nodes.push(wrap(entity, text.slice(start, end), inner, taps));
    at = end;
  }
  if (at < to) nodes.push(...plain(text.slice(at, to), taps, linked));
  return nodes;
}

const plain = (text, taps, linked) => (linked ? [text] : linkify(text, taps));

/** @returns nodes for `text`; `taps` is {link(url), command(text)}. */
export function rich(text, entities, taps) {
  const sorted = [...(entities || [])]
    .filter((one) => one.length > 0)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  return part(text, 0, text.length, sorted, taps, false);
}
