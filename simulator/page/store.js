// What the page knows, all of it told by the simulator: nothing is shown before the server says it.

import { get } from "./api.js";
import { setZone } from "./i18n.js";

export const store = {
  now: new Date(), target: null, walking: false, walkFrom: null,
  rateLimits: false, bots: [], people: [], chats: [], map: null, places: [], process: null,
};

/** Per person: the chats as that person sees them. */
const chatsOf = new Map();
/** Per person and chat: {entries: Map(message_id -> entry), all: nothing older is left}. */
const threads = new Map();
/** Per person and chat: how many messages came while nobody looked. */
const unread = new Map();
/** Per person and chat whose messages are being fetched: the events since they were asked for. */
const missed = new Map();
let clockRead = performance.now();

const listeners = new Map();

/** Hear about a topic: state, clock, process, people, chats:P, thread:P:C, toast:P, action:P:C. */
export function listen(topic, take) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(take);
  return () => listeners.get(topic).delete(take);
}

export function emit(topic, value) {
  for (const take of [...(listeners.get(topic) || [])]) take(value);
}

export const person = (id) => store.people.find((one) => one.id === id);
export const chats = (id) => chatsOf.get(id) || [];
export const chat = (id, key) => chats(id).find((one) => one.chat === key);
export const group = (key) => store.chats.find((one) => String(one.id) === key);
export const thread = (id, key) => threads.get(`${id}|${key}`);
export const unreadOf = (id, key) => unread.get(`${id}|${key}`) || 0;

/** The bot of a private chat's key, or the first one. */
export function botOf(key) {
  const found = /^bot:(\d+)$/.exec(key || "");
  return (found && store.bots.find((one) => one.id === Number(found[1]))) || store.bots[0];
}

/** What a bot says by language, as one person reads it: theirs, or the one for everybody. */
export function inLanguageOf(id, said) {
  const language = String(person(id)?.language_code || "").slice(0, 2);
  return (said && (said[language] || said[""])) || null;
}

/** The town's time at this instant: it stands still while it is being walked. */
export function townNow() {
  if (store.walking) return store.now;
  return new Date(store.now.getTime() + performance.now() - clockRead);
}

function takeClock(told) {
  if (!told.now) return;
  const target = told.target ? new Date(told.target) : null;
  const ahead = target && target > new Date(told.now);
  if (ahead && (!store.walkFrom || !store.target)) store.walkFrom = townNow();
  if (!ahead) store.walkFrom = null;
  store.now = new Date(told.now);
  store.target = ahead ? target : null;
  store.walking = Boolean(ahead);
  clockRead = performance.now();
  setZone(store.timezone, told.now);
  emit("clock");
}

export async function loadState() {
  const told = await get("/sim/state");
  store.timezone = told.timezone;
  store.rateLimits = Boolean(told.rate_limits);
  store.bots = told.bots || [];
  store.people = told.people || [];
  store.chats = told.chats || [];
  store.map = told.map || null;
  store.places = told.places || [];
  store.process = told.process || null;
  takeClock(told);
  emit("state");
  emit("process");
  return told.seq;
}

export async function loadChats(id) {
  const told = await get(`/sim/people/${id}/chats`);
  chatsOf.set(id, told);
  for (const one of told) {
    // What was never opened here is unread as far as the simulator knows; the rest is counted here.
    if (!threads.has(`${id}|${one.chat}`)) unread.set(`${id}|${one.chat}`, one.unread || 0);
  }
  emit(`chats:${id}`);
  emit("unread");
}

const PAGE = 60;

/** Load the newest messages of a chat, or with `older` the ones before those known. */
export async function loadThread(id, key, older) {
  const at = `${id}|${key}`;
  const known = thread(id, key);
  const before = older && known && known.entries.size ? `&before=${known.entries.keys().next().value}` : "";
  // What happens between the answer and its arrival is kept, and applied to it.
  if (!older) missed.set(at, []);
  let found;
  try {
    found = await get(
      `/sim/people/${id}/messages?chat=${encodeURIComponent(key)}&limit=${PAGE}${before}`);
  } catch (error) {
    missed.delete(at);
    throw error;
  }
  const rest = older && known ? [...known.entries.values()] : [];
  const entries = new Map([...found, ...rest].map((one) => [one.message.message_id, one]));
  const fresh = { entries, all: found.length < PAGE };
  threads.set(at, fresh);
  for (const event of (!older && missed.get(at)) || []) applyTo(fresh, event, id);
  if (!older) missed.delete(at);
  emit(`thread:${id}:${key}`);
}

/** Forget everything that may be stale and load it again; the number of the last event. */
export async function loadAll(shown) {
  const seq = await loadState();
  const open = [...threads.keys()];
  threads.clear();
  await Promise.all(shown().map((id) => loadChats(id)));
  await Promise.all(open.map((at) => {
    const [id, key] = at.split("|");
    return chat(Number(id), key) ? loadThread(Number(id), key) : null;
  }));
  return seq;
}

export function markRead(id, key) {
  if (!unreadOf(id, key)) return;
  unread.set(`${id}|${key}`, 0);
  emit(`chats:${id}`);
  emit("unread");
}

function soon(wait, work) {
  let timer = null;
  return () => {
    if (timer === null) timer = setTimeout(() => { timer = null; work().catch(() => {}); }, wait);
  };
}

const reloadState = soon(80, loadState);
const reloaders = new Map();
function reloadChats(id) {
  if (!reloaders.has(id)) reloaders.set(id, soon(80, () => loadChats(id)));
  reloaders.get(id)();
}

const seers = (event) => event.people || (event.person === undefined ? [] : [event.person]);

/** One event on the messages of a chat: new, changed, deleted, or reacted to. */
function applyTo(known, event, id) {
  const { message } = event;
  const number = message ? message.message_id : event.message_id;
  const entry = known.entries.get(number);
  if (event.type === "message") {
    known.entries.set(number, { message, mine: event.author === id, edited: false, deleted: false });
  } else if (!entry) return;
  else if (event.type === "deleted") entry.deleted = true;
  else if (event.type === "reaction") entry.reaction = event.reaction;
  else Object.assign(entry, { message, edited: Boolean(message.edit_date) || entry.edited });
}

function takeMessage(event, id, isSeen) {
  const key = String(event.chat);
  const known = thread(id, key);
  missed.get(`${id}|${key}`)?.push(event);
  if (known) {
    applyTo(known, event, id);
    emit(`thread:${id}:${key}`);
  }
  if (event.type !== "message") return;
  const summary = chat(id, key);
  if (summary) summary.last = event.message;
  // Whoever writes in a chat has started it and does not block it.
  if (summary && event.author === id) Object.assign(summary, { can_start: false, blocked: false });
  else if (chatsOf.has(id) && (!summary || summary.can_start || summary.blocked)) reloadChats(id);
  if (event.author !== id && !isSeen(id, key)) unread.set(`${id}|${key}`, unreadOf(id, key) + 1);
  emit(`chats:${id}`);
  emit("unread");
  emit(`action:${id}:${key}`, null);
}

/** Apply one event of the stream; `isSeen(person, chat)` says what is on the screen now. */
export function take(event, isSeen) {
  switch (event.type) {
    case "message": case "edited": case "deleted": case "reaction":
      for (const id of seers(event)) takeMessage(event, id, isSeen);
      break;
    case "callback_answer":
      emit(`toast:${event.person}`, event);
      break;
    case "chat_action":
      for (const id of seers(event)) emit(`action:${id}:${event.chat}`, event.action);
      break;
    case "clock":
      takeClock(event);
      break;
    case "process":
      if (store.process) store.process.running = event.running;
      emit("process");
      break;
    case "reply_keyboard":
      for (const id of seers(event)) {
        const summary = chat(id, String(event.chat));
        if (summary && "reply_keyboard" in event) {
          summary.reply_keyboard = event.reply_keyboard;
          emit(`keyboard:${id}:${event.chat}`);
        } else reloadChats(id);
      }
      break;
    case "chats":
      reloadState();
      for (const id of seers(event).length ? seers(event) : chatsOf.keys()) reloadChats(id);
      break;
    case "people": case "commands": case "settings": case "faults":
      reloadState();
      break;
    default:
      break;
  }
}
