// What this tab remembers: the talk it shows and what is still to be sent. Closing the tab forgets all of it.

const KEY = "langnghe";
const BUBBLES = 80;
const PICTURES = 6;
const IDS = 400;

const nothing = () => ({ log: [], pending: [], unseen: [], known: [], current: 0, lang: "vi", banner: "", draft: "" });

export function recall() {
  try {
    return { ...nothing(), ...JSON.parse(sessionStorage.getItem(KEY) ?? "{}") };
  } catch {
    return nothing();
  }
}

export function remember(talk) {
  talk.log = talk.log.slice(-BUBBLES);
  talk.known = talk.known.slice(-IDS);
  dropPictures(talk.log, PICTURES);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(talk));
  } catch {
    // The tab's store is full or switched off: the talk goes on, a reload just shows less of it.
    dropPictures(talk.log, 0);
    try { sessionStorage.setItem(KEY, JSON.stringify({ ...talk, log: talk.log.slice(-10) })); } catch { /* as above */ }
  }
}

function dropPictures(log, keep) {
  for (const { message } of log.filter((entry) => entry.message?.picture?.src).reverse().slice(keep)) {
    message.picture.src = "";
  }
}

export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
