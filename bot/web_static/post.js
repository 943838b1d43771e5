// The way out: one thing after another, each with an id of its own, tried until the server has it.

const PATIENCE = 20000;
const PAUSES = [1000, 2000, 4000, 8000, 15000];
const HOPELESS = new Set([400, 403, 404, 405, 411, 413, 415, 422]);

export const door = { barred: false }; // true when the browser keeps no cookie of ours

export async function post(path, content) {
  let answer = await once(path, content);
  if (answer.status === 401) {
    await fetch("/", { cache: "no-store" }); // the page gives a new cookie for one that was lost
    answer = await once(path, content);
  }
  door.barred = answer.status === 401;
  return answer;
}

function once(path, content) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Lang-Nghe": "1" },
    body: JSON.stringify(content),
    signal: AbortSignal.timeout?.(PATIENCE),
  });
}

export async function attach(id, file) {
  const answer = await fetch(`/chat/file/${id}`, {
    method: "POST",
    headers: { "Content-Type": file.type, "X-Lang-Nghe": "1" },
    body: file,
  }).catch(() => null);
  return Boolean(answer?.ok);
}

export function sender({ pending, seen, onDone, onChange }) {
  let busy = false;
  let failures = 0;
  let alarm = 0;

  async function run() {
    clearTimeout(alarm);
    if (busy) return;
    busy = true;
    try {
      while (next() && (await attempt(next()))) failures = 0;
    } finally {
      busy = false;
    }
  }

  const next = () => pending().find((one) => !one.failed);

  async function attempt(one) {
    const acknowledged = seen();
    const answer = await post("/chat/say", { id: one.id, ...one.content, seen: acknowledged }).catch(() => null);
    if (answer?.ok) return done(one, acknowledged);
    if (answer && HOPELESS.has(answer.status)) return hopeless(one);
    later(Number(answer?.headers.get("Retry-After")) * 1000);
    onChange();
    return false;
  }

  function done(one, acknowledged) {
    onDone(one, acknowledged);
    return true;
  }

  function hopeless(one) {
    one.failed = true;
    onChange();
    return true;
  }

  function later(asked) {
    const pause = Math.max(asked || 0, PAUSES[Math.min(failures, PAUSES.length - 1)]);
    failures += 1;
    alarm = setTimeout(run, pause);
  }

  addEventListener("online", run);
  return { run, struggling: () => failures > 0 };
}
