// A panel that is looked at for months: shows cards by turns, asks for others every minute, and never loads anew.

const EACH = 12000; // a card's turn
const ASK = 60000;
const PATIENCE = 20000;
const MEASURE = 100; // pixels

const faces = [...document.querySelectorAll(".card")]; // two, by turns: nothing is ever added to the page
let told = document.body.dataset.board;
let board = JSON.parse(told);
let turn = -1;
let front = 0;
let card = null;

function frame() {
  const banner = document.getElementById("banner");
  banner.textContent = board.banner;
  banner.hidden = !board.banner;
  const join = document.getElementById("join");
  join.hidden = !board.join;
  document.body.classList.toggle("joined", Boolean(board.join));
  if (board.join) {
    if (join.querySelector("img").src !== board.join.code) join.querySelector("img").src = board.join.code;
    join.querySelector("figcaption").textContent = board.join.words;
    join.querySelector("img").alt = board.join.words;
  }
}

function show() {
  turn = (turn + 1) % board.cards.length;
  const next = board.cards[turn];
  if (same(next, card)) return;
  card = next;
  const face = faces[1 - front];
  face.className = `card ${card.kind === "news" ? "news" : "slogan"}`;
  for (const part of ["above", "below"]) face.querySelector(`.${part}`).textContent = card[part] ?? "";
  face.querySelector(".words").lang = card.lang;
  face.card = card;
  fit(face);
  faces[front].classList.remove("shown");
  face.classList.add("shown");
  front = 1 - front;
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// The lines and the size in which all words stand in their room, whole: large, and broken where a reader would pause.
function fit(face) {
  const room = face.querySelector(".room");
  const words = face.querySelector(".words");
  const largest = Math.min(innerWidth, innerHeight) / 6;
  let best = { worth: 0, size: 0, text: "" };
  for (const { lines, torn } of face.card?.ways ?? []) {
    const text = lines.join("\n");
    words.textContent = text;
    words.style.fontSize = `${MEASURE}px`;
    const scale = Math.min(room.clientWidth / words.offsetWidth, room.clientHeight / words.offsetHeight);
    const size = Math.min(largest, MEASURE * scale);
    const worth = size / (1 + torn);
    if (worth > best.worth) best = { worth, size, text };
  }
  words.textContent = best.text;
  words.style.fontSize = `${Math.floor(best.size * 4) / 4}px`;
}

function refit() {
  document.body.style.setProperty("--plate", `${document.getElementById("join").offsetHeight}px`);
  faces.forEach(fit);
}

function take(text) {
  if (text === told) return;
  const fresh = JSON.parse(text);
  if (!Array.isArray(fresh.cards) || !fresh.cards.length) return;
  told = text;
  board = fresh;
  frame();
  refit();
  if (!board.cards.some((each) => same(each, card))) show(); // what was taken back does not wait for its turn to end
}

async function ask() {
  const impatience = new AbortController();
  const alarm = setTimeout(() => impatience.abort(), PATIENCE);
  try {
    const answer = await fetch(`/board.json${location.search}`, { signal: impatience.signal, cache: "no-cache" });
    if (answer.ok) take(await answer.text());
  } catch {
    // The network is away, or somebody else answers in its place: what is here goes on.
  } finally {
    clearTimeout(alarm);
  }
}

frame();
refit();
show();
setInterval(show, EACH);
setInterval(ask, ASK);
addEventListener("resize", refit);
addEventListener("online", ask);
document.fonts.ready.then(refit);
document.fonts.addEventListener("loadingdone", refit);
