// The web chat of one tab: keeps the talk, draws it, and joins the way out (post.js) with the way in (stream.js).

import { own, theirs } from "./bubbles.js";
import { compose, label } from "./compose.js";
import { newId, recall, remember } from "./memory.js";
import { attach, door, post, sender } from "./post.js";
import { listen } from "./stream.js";

const byId = (id) => document.getElementById(id);
const log = byId("log");
const texts = JSON.parse(document.body.dataset.words);
const talk = recall();
const tabs = "BroadcastChannel" in self ? new BroadcastChannel("langnghe") : null;

let awaited = []; // what the server has and not yet answered: its screen stays busy, so a second tap does nothing
let patience = 0;
let down = 0;
let telling = 0;
let following = true; // the end of the talk is in view, and stays so when a strip or a keyboard takes room

const words = () => texts[talk.lang] ?? texts.vi;
const isCurrent = (message) => message.id === talk.current;
const ticks = ({ buttons = [] }) => buttons.flat().map(({ label, chosen }) => (chosen === undefined ? "" : label)).join("\n").trim();
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
  talk.lang = message.lang;
  if (message.banner || tappable(message)) talk.banner = message.banner ?? "";
  place(message);
  settle();
}

function place(message) {
  const at = message.edits ? talk.log.findIndex((entry) => ids(entry).includes(message.edits)) : -1;
  const old = talk.log[at];
  // A bubble keeps the ids that it had: of two quick ticks the second still names the first screen.
  if (old) talk.log[at] = { message, was: ids(old).slice(-20) };
  else talk.log.push({ message });
  if (tappable(message)) talk.current = message.id;
  else if (old?.message.id === talk.current) talk.current = 0;
  draw(message.id, old?.message.id, old && ticks(old.message) !== "" && ticks(old.message) === ticks(message));
}

const ids = (entry) => (entry.message ? [...(entry.was ?? []), String(entry.message.id)] : []);

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
  onChange() {
    talk.pending = talk.pending.filter((one) => !one.failed || one.content.text); // a refused tap may be tapped again
    showState();
    draw();
  },
  onDone(one, seen) {
    talk.pending = talk.pending.filter((other) => other.id !== one.id);
    acknowledge(seen);
    awaited.push(one);
    clearTimeout(patience);
    patience = setTimeout(() => tell(true).then(settle), 2500);
    showState();
    draw();
  },
});

function settle() {
  awaited = [];
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

function draw(newest, replaced, ticked = false) {
  const had = log.contains(document.activeElement) && document.activeElement !== log ? document.activeElement : null;
  const pressed = had?.textContent;
  const from = had?.closest("article")?.dataset.id;
  const kept = new Map([...log.children].map((child) => [child.dataset.id, child]));
  const bubbles = talk.log.map(bubble);
  const top = log.scrollTop;
  rearrange(bubbles.map((made) => (kept.get(made.dataset.id)?.isEqualNode(made) ? kept.get(made.dataset.id) : made)));
  if (had && !log.contains(had)) refocus(String(replaced) === from ? String(newest) : from, pressed);
  log.scrollTop = top;
  if (newest !== undefined && !ticked) reveal(newest);
  else if (following) log.scrollTop = log.scrollHeight;
  showWords();
}

function rearrange(fresh) {
  for (const child of [...log.children]) if (!fresh.includes(child)) child.remove();
  fresh.forEach((bubble, at) => log.children[at] !== bubble && log.insertBefore(bubble, log.children[at] ?? null));
}

function bubble(entry) {
  if (!entry.message) return ownBubble(entry);
  const names = ids(entry);
  return theirs(entry.message, {
    texts: words(),
    current: isCurrent(entry.message),
    going: [...talk.pending, ...awaited].filter((one) => names.includes(one.content.screen)).map((one) => one.content.tap),
    onTap: (button) => say({ tap: button.tap, screen: String(entry.message.id) }),
    onFile: (file) => attach(newId(), file),
  });
}

function ownBubble(entry) {
  const one = talk.pending.find((other) => other.id === entry.id);
  const state = one && (one.failed ? "failed" : out.struggling() ? "retrying" : "sending");
  return own(entry, { texts: words(), state, onRetry: () => retry(entry.id) });
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
  log.scrollTop = following ? log.scrollHeight : target.offsetTop - 12;
}

log.addEventListener("scroll", () => { following = log.scrollHeight - log.scrollTop - log.clientHeight < 24; });
new ResizeObserver(() => { if (following) log.scrollTop = log.scrollHeight; }).observe(log);

function showWords() {
  document.documentElement.lang = talk.lang;
  byId("banner").textContent = talk.banner;
  byId("banner").hidden = !talk.banner;
  label(words());
  log.setAttribute("aria-label", words().log);
}

function showState() {
  const lost = !navigator.onLine || (down && Date.now() - down > 3000) || out.struggling();
  byId("state").hidden = !lost && !door.barred;
  byId("state").textContent = door.barred ? words().cookies : lost ? words().offline : "";
}

// ---- begun

function greet() {
  if (!talk.log.length && !talk.pending.length && !awaited.length) say({ start: "" });
}

if (tabs) tabs.onmessage = (event) => take(event.data, true);
if (document.body.dataset.start) {
  say({ start: document.body.dataset.start });
  history.replaceState(null, "", "/"); // a reload must not use the invitation again
}
compose({
  draft: talk.draft,
  onDraft(draft) { talk.draft = draft; remember(talk); },
  onSay: (text) => say({ text }),
});
draw();
reveal(log.lastElementChild?.dataset.id);
const unready = setTimeout(() => tell(true).then((known) => known && greet()), 6000);
listen({
  onMessage: take,
  onReady() { clearTimeout(unready); greet(); },
  onUp() { down = 0; showState(); out.run(); },
  onDown() { down ||= Date.now(); setTimeout(showState, 3100); if (!navigator.onLine) showState(); tell(true); },
});
