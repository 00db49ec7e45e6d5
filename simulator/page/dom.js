// Elements from data: text always becomes a text node, so nothing anybody writes can become markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") node[name] = value;
    else if (name === "class") node.classList.add(...String(value).split(" ").filter(Boolean));
    else if (name === "style") Object.entries(value).forEach(([k, v]) => node.style.setProperty(k, v));
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** An HTML element: h("button.send", {onclick}, "text", otherNode). */
export function h(spec, props, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.classList.add(...classes);
  if (tag === "button" && !(props && props.type)) node.type = "button";
  return fill(node, props, children);
}

/** The same for SVG. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

const ICONS = {
  send: "M4 12 20 4l-5 16-3.500-6.500zM11.500 13.500 20 4",
  attach: "M19 11.500 11.500 19a4.600 4.600 0 0 1-6.500-6.500L13 4.500a3 3 0 0 1 4.300 4.300l-7.800 7.700a1.400 1.400 0 0 1-2-2L14.500 7.500",
  keyboard: "M3 6.500h18v11H3zM6.500 10h.1M10 10h.1M14 10h.1M17.500 10h.1M8 14h8",
  slash: "M15 5 9 19M4 3.500h16a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1z",
  more: "M12 5.500v.1M12 12v.1M12 18.500v.1",
  people: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c.5-4 3-6 6.500-6s6 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.300M18 14.500c2 .8 3.200 2.600 3.500 5.500",
  tools: "M14.500 5.500a4.500 4.500 0 0 1 5.800-.8l-2.900 2.900.9 2.100 2.100.9 1.300-1.300a4.500 4.500 0 0 1-6.300 4L8.300 20.400a2 2 0 0 1-3-3l7.300-7a4.500 4.500 0 0 1 1.900-4.900z",
  close: "M6 6l12 12M18 6 6 18",
  pin: "M12 21.500s7-6.200 7-11.700a7 7 0 1 0-14 0c0 5.500 7 11.700 7 11.700zM12 12.500a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400z",
  photo: "M4 5.500h16v13H4zM4.500 16.500l4.500-5 4 4 3-2.500 4 4M15.500 10.200a1.200 1.200 0 1 0 0-2.400 1.200 1.200 0 0 0 0 2.400z",
  voice: "M12 14.500a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM6 11.500a6 6 0 0 0 12 0M12 17.500V21M9 21h6",
  file: "M6.500 3.500h7l4.500 4.500v12.500h-11.500zM13.500 3.500V8H18",
  sticker: "M12 3.500a8.500 8.500 0 1 0 8.500 8.500L12 3.500zM12 3.500c0 5 3.500 8.500 8.500 8.500M8.500 13.500c1 2 4.500 2.500 6 .8",
  contact: "M12 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM5 20c.6-4 3.200-6 7-6s6.400 2 7 6",
  play: "M8 5.500v13l10.500-6.500z",
  pause: "M8.500 5.500v13M15.500 5.500v13",
  power: "M12 3.500v8M6.500 6.500a8 8 0 1 0 11 0",
  plus: "M12 5v14M5 12h14",
  down: "M6 9.500l6 6 6-6",
  out: "M9 6.500h8.500V15M17 7 7 17",
  reply: "M10 6 4.500 11.500 10 17M5 11.500h9a5.500 5.500 0 0 1 5.500 5.500v1.500",
  edit: "M4.500 19.500l1-4L16 5l3 3L8.500 18.500z",
  trash: "M5 7h14M9.500 7V4.500h5V7M7 7l1 13h8l1-13M10.500 10.500v6M13.500 10.500v6",
  forward: "M14 6l5.500 5.500L14 17M19 11.500h-9A5.500 5.500 0 0 0 4.500 17v1.500",
  block: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM6 6l12 12",
  group: "M12 12a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM6 19c.5-3.500 2.700-5 6-5s5.500 1.500 6 5M4.500 11.500a2 2 0 1 0 0-4M19.500 11.500a2 2 0 1 1 0-4",
};

/** A line icon, hidden from screen readers: the button around it carries the label. */
export function icon(name) {
  return s("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" },
    s("path", { d: ICONS[name] }));
}

/** A button that shows only an icon, with its name for everybody else. */
export function iconButton(name, label, props) {
  const { class: extra, ...rest } = props || {};
  return h("button.icon-button", { "aria-label": label, title: label, class: extra || "", ...rest },
    icon(name));
}

// Nothing is drawn anew under a finger: a button that is replaced between press and release would
// swallow the tap.
let pressed = false;
const held = [];

function released() {
  // The click comes right after the release: first that, then what has waited.
  setTimeout(() => {
    pressed = false;
    held.splice(0).forEach((work) => work());
  });
}

addEventListener("pointerdown", () => { pressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, released, true);
addEventListener("blur", released); // the window's own: a press that leaves it never ends here

function unpressed(work) {
  if (pressed) held.push(work);
  else work();
}

/** `work`, done once per frame however often it is asked for; a hidden page has no frames. */
export function oncePerFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    const go = () => unpressed(() => { asked = false; work(); });
    if (document.hidden) setTimeout(go, 50);
    else requestAnimationFrame(go);
  };
}

/** Initials for an avatar: "Rosa Quispe" is RQ. */
export function initials(name) {
  const words = String(name || "?").trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters.map((word) => Array.from(word)[0] || "").join("").toUpperCase();
}

/** Colours that carry white text at AA contrast. */
const COLOURS = ["#9a4a22", "#1f6b63", "#6a4a9c", "#8a3a5c", "#3f6330", "#2e5e93", "#7a5a12", "#5a5550"];

export function colourOf(id, given) {
  if (given && /^#[0-9a-f]{6}$/i.test(given)) return given;
  const number = Number(String(id).replace(/\D/g, "")) || 0;
  return COLOURS[number % COLOURS.length];
}

export function avatar(name, id, colour) {
  return h("span.avatar", { "aria-hidden": "true", style: { "--colour": colourOf(id, colour) } },
    initials(name));
}
