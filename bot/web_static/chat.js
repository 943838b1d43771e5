// The web chat of one tab: keeps the talk, draws it, and joins the way out (post.js) with the way in (stream.js).

import { own, theirs } from "./bubbles.js";
import { newId, recall, remember } from "./memory.js";
import { door, post, sender } from "./post.js";
import { listen } from "./stream.js";

const LONGEST = 4000;
const byId = (id) => document.getElementById(id);
const log = byId("log");
const field = byId("words");
const texts = JSON.parse(document.body.dataset.words);
const talk = recall();
const tabs = "BroadcastChannel" in self ? new BroadcastChannel("langnghe") : null;

let awaited = null; // what the server has and not yet answered: its screen stays busy, so a second tap does nothing
let patience = 0;
let down = 0;
let telling = 0;
let following = true; // the end of the talk is in view, and stays so when a strip or a keyboard takes room

const words = () => texts[talk.lang] ?? texts.vi;
const isCurrent = (message) => message.id === talk.current;
const tappable = (message) => (message.buttons ?? []).flat().some((button) => !button.url);

// ---- in

function take(message, shared = false) {
  if (!shared) {
    if (!talk.unseen.includes(message.id)) talk.unseen.push(message.id);
    telling ||= setTimeout(tell, 1000);
  }
  if (talk.known.includes(message.id)) return;
  if (!shared) tabs?.postMessage(message);
  talk.known.push(message.id);
  if (message.forget) Object.assign(talk, { log: [], draft: "", current: 0 });
  if (tappable(message)) talk.current = message.id;
  talk.lang = message.lang;
  talk.banner = message.banner ?? "";
  place(message);
  settle();
}

function place(message) {
  const at = message.edits ? talk.log.findIndex((entry) => String(entry.message?.id) === message.edits) : -1;
  if (at < 0) talk.log.push({ message });
  else talk.log[at] = { message };
  if (!isCurrent(message) && at >= 0 && !tappable(message)) talk.current = 0;
  draw(message.id, at < 0 ? null : Number(message.edits));
}

async function tell(ask = false) {
  clearTimeout(telling);
  telling = 0;
  const seen = talk.unseen.slice(0, 100);
  const answer = await post("/chat/seen", { seen, ask }).catch(() => null);
  if (!answer?.ok) return false;
  down = 0; // without the stream, but not without the server
  showState();
  acknowledge(seen);
  for (const message of (await answer.json()).messages ?? []) take(message);
  return true;
}

function acknowledge(seen) {
  talk.unseen = talk.unseen.filter((id) => !seen.includes(id));
  remember(talk);
}

// ---- out

const out = sender({
  pending: () => talk.pending,
  seen: () => talk.unseen.slice(0, 100),
  onChange() { showState(); draw(); },
  onDone(one, seen) {
    talk.pending = talk.pending.filter((other) => other.id !== one.id);
    acknowledge(seen);
    awaited = one;
    clearTimeout(patience);
    patience = setTimeout(() => tell(true).then(settle), 2500);
    showState();
    draw();
  },
});

function settle() {
  awaited = null;
  clearTimeout(patience);
  remember(talk);
  draw();
}

function say(content) {
  const id = newId();
  talk.pending.push({ id, content });
  if (content.text) talk.log.push({ id, text: content.text });
  remember(talk);
  draw(id);
  out.run();
}

function retry(id) {
  const one = talk.pending.find((other) => other.id === id);
  delete one.failed;
  draw();
  out.run();
}

// ---- drawn

function draw(newest = null, replaced = null) {
  const had = log.contains(document.activeElement) && document.activeElement !== log ? document.activeElement : null;
  const label = had?.textContent;
  const from = had?.closest("article")?.dataset.id;
  const kept = new Map([...log.children].map((child) => [child.dataset.id, child]));
  const bubbles = talk.log.map(bubble);
  rearrange(bubbles.map((made) => (kept.get(made.dataset.id)?.isEqualNode(made) ? kept.get(made.dataset.id) : made)));
  if (had && !log.contains(had)) refocus(String(replaced) === from ? String(newest) : from, label);
  if (newest !== null) reveal(newest);
  else if (following) log.scrollTop = log.scrollHeight;
  showWords();
}

function rearrange(fresh) {
  for (const child of [...log.children]) if (!fresh.includes(child)) child.remove();
  fresh.forEach((bubble, at) => log.children[at] !== bubble && log.insertBefore(bubble, log.children[at] ?? null));
}

function bubble(entry) {
  if (!entry.message) return ownBubble(entry);
  const waiting = [...talk.pending, awaited].find((one) => one?.content.screen === String(entry.message.id));
  return theirs(entry.message, {
    words: words(),
    current: isCurrent(entry.message),
    busy: waiting && !waiting.failed ? waiting.content.tap : undefined,
    onTap: (button) => say({ tap: button.tap, screen: String(entry.message.id) }),
  });
}

function ownBubble(entry) {
  const one = talk.pending.find((other) => other.id === entry.id);
  const state = one && (one.failed ? "failed" : out.struggling() ? "retrying" : "sending");
  return own(entry, { words: words(), state, onRetry: () => retry(entry.id) });
}

function refocus(id, label) {
  const target = [...log.children].find((child) => child.dataset.id === id);
  const same = [...(target?.querySelectorAll("button") ?? [])].find((button) => button.textContent === label);
  (same ?? target ?? log).focus({ preventScroll: true });
}

function reveal(id) {
  const target = [...log.children].find((child) => child.dataset.id === String(id));
  if (!target) return;
  const tall = target.offsetHeight > log.clientHeight - 16;
  following = !tall && target === log.lastElementChild;
  if (following) log.scrollTop = log.scrollHeight;
  else target.scrollIntoView({ block: tall ? "start" : "nearest" });
}

log.addEventListener("scroll", () => { following = log.scrollHeight - log.scrollTop - log.clientHeight < 24; });
new ResizeObserver(() => { if (following) log.scrollTop = log.scrollHeight; }).observe(log);

function showWords() {
  document.documentElement.lang = talk.lang;
  byId("banner").textContent = talk.banner;
  byId("banner").hidden = !talk.banner;
  field.placeholder = words().placeholder;
  document.querySelector("#compose label").textContent = words().write;
  document.querySelector("#compose button").textContent = words().send;
  log.setAttribute("aria-label", words().log);
}

function showState() {
  const lost = !navigator.onLine || (down && Date.now() - down > 3000) || out.struggling();
  byId("state").hidden = !lost && !door.barred;
  byId("state").textContent = door.barred ? words().cookies : lost ? words().offline : "";
}

// ---- written

function fit() {
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight + 2, 160) + "px";
  const length = [...field.value].length;
  byId("length").textContent = length > LONGEST - 400 ? `${length} / ${LONGEST}` : "";
  byId("length").classList.toggle("over", length > LONGEST);
}

byId("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  field.value = talk.draft = "";
  fit();
  say({ text });
});

field.addEventListener("keydown", (event) => {
  // Telex and VNI keyboards compose letters; their Enter ends a word and must not send it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  byId("compose").requestSubmit();
});

field.addEventListener("input", () => {
  talk.draft = field.value;
  remember(talk);
  fit();
});

// ---- begun

function greet() {
  if (!talk.log.length && !talk.pending.length && !awaited) say({ start: "" });
}

if (tabs) tabs.onmessage = (event) => take(event.data, true);
if (document.body.dataset.start) {
  say({ start: document.body.dataset.start });
  history.replaceState(null, "", "/"); // a reload must not use the invitation again
}
field.value = talk.draft;
fit();
draw();
reveal(log.lastElementChild?.dataset.id);
const unready = setTimeout(() => tell(true).then((known) => known && greet()), 6000);
listen({
  onMessage: take,
  onReady() { clearTimeout(unready); greet(); },
  onUp() { down = 0; showState(); out.run(); },
  onDown() { down ||= Date.now(); setTimeout(showState, 3100); if (!navigator.onLine) showState(); tell(true); },
});
