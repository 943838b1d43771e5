// The way in: one event stream, opened again whenever it may have died. Phones lose connections without telling.

const SILENCE = 40000; // the server beats every 15 s
const REOPEN = [1000, 3000, 6000, 12000];

export function listen({ onMessage, onReady, onUp, onDown }) {
  let source = null;
  let heard = 0;
  let failures = 0;
  let alarm = 0;
  let parked = false; // a newer tab took this one's place: wait until somebody looks at this one again

  function open() {
    clearTimeout(alarm);
    source?.close();
    parked = false;
    heard = Date.now();
    source = new EventSource("/chat/events");
    source.onopen = alive;
    source.onerror = () => source.readyState === EventSource.CLOSED ? again() : onDown();
    source.addEventListener("message", (event) => { alive(); onMessage(JSON.parse(event.data)); });
    source.addEventListener("ready", () => { alive(); onReady(); });
    source.addEventListener("beat", alive);
    source.addEventListener("replaced", () => { parked = true; source.close(); });
  }

  function alive() {
    heard = Date.now();
    failures = 0;
    onUp();
  }

  function again() {
    source.close();
    onDown();
    clearTimeout(alarm);
    alarm = setTimeout(open, REOPEN[Math.min(failures, REOPEN.length - 1)]);
    failures += 1;
  }

  function look() {
    const silent = Date.now() - heard;
    if (document.visibilityState === "visible" && (parked || silent > SILENCE / 2)) open();
  }

  setInterval(() => !parked && Date.now() - heard > SILENCE && open(), 5000);
  addEventListener("online", open);
  addEventListener("offline", onDown);
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
  open();
}
