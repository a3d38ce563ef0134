// At the door: marks are kept on the telephone until the server has them, whatever the network does; figures and the
// marks of others come live; a code is read by the camera where the browser can. Without this file the page is forms.
//
// What is kept bears ids, numbers and times and no name: {to, registration, came, at}. The server is told how long ago
// each was made, so that no clock need be right, and settles them; the same mark twice is one.

const page = document.querySelector("[data-door]");
const name = "parvis:door:" + page.dataset.who;
const AGE_MAX = 7 * 24 * 3600 * 1000;
const AGAIN = 4000;
const PATIENCE = 10000;
const AT_ONCE = 200;

/* what waits */

let memory = [];
let keeps = true;
const waiting = () => {
  if (!keeps) return memory;
  try { return JSON.parse(localStorage.getItem(name)) || []; } catch { keeps = false; return memory; }
};
const keep = (marks) => {
  memory = marks;
  try {
    if (marks.length) localStorage.setItem(name, JSON.stringify(marks));
    else localStorage.removeItem(name);
  } catch { keeps = false; }
};
// A mark of somebody takes the place of the one before, which was not sent yet.
const add = (mark) =>
  keep([...waiting().filter((one) => one.to !== mark.to || one.registration !== mark.registration), mark]);
const drop = (sent) =>
  keep(waiting().filter((one) =>
    !sent.some((other) => other.to === one.to && other.registration === one.registration && other.at === one.at)));

/* what is said of it */

const net = page.querySelector("[data-net]");
const netText = page.querySelector("[data-net-text]");
const netOut = page.querySelector("[data-net-out]");
let cut = false;
let out = false;
let refused = "";

const tell = () => {
  const number = waiting().length;
  const { waitsOne, waitsMany, offline, out: signedOut } = net.dataset;
  const waits = number === 0 ? "" : number === 1 ? waitsOne : waitsMany.replace("#", number);
  const text = [refused, out ? signedOut : cut ? offline : "", cut || out || refused ? waits : ""].filter(Boolean).join(" ");
  if (netText.textContent !== text) netText.textContent = text;
  net.hidden = text === "";
  net.dataset.waiting = number;
  if (netOut) netOut.hidden = !out;
};

/* rows */

const rows = new Map([...page.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row]));

const show = (row, came) => {
  const is = came > 0;
  row.dataset.came = came || 0;
  row.classList.toggle("there", is);
  const [todo, done, there] = ["[data-todo]", "[data-done]", "[data-there]"].map((one) => row.querySelector(one));
  if (!todo) return;
  const had = row.contains(document.activeElement);
  todo.hidden = is;
  done.hidden = !is;
  if (is && Number(row.dataset.people) > 1) there.textContent = there.dataset.many.replace("#", came);
  // Who works by keyboard stays where they are.
  if (had && document.activeElement.closest("[hidden]")) (is ? done : todo).querySelector("button").focus();
};

const counts = (now) => {
  for (const field of page.querySelectorAll("[data-count]")) {
    const value = now[field.dataset.count];
    if (value !== null && value !== undefined && field.textContent !== String(value)) field.textContent = value;
  }
  const newcomers = page.querySelector("[data-newcomers]");
  expected ??= now.expected;
  if (newcomers && now.expected > expected) newcomers.hidden = false;
};
let expected = null;

const take = (now) => {
  counts(now);
  const own = new Set(waiting().filter((one) => one.to === page.dataset.marks).map((one) => one.registration));
  for (const [id, row] of rows) {
    // What waits here is newer than what the server knows.
    if (own.has(id)) continue;
    const came = id in now.marks ? now.marks[id] || 0 : now.whole ? 0 : null;
    if (came !== null && came !== Number(row.dataset.came)) show(row, came);
  }
};

/* sending */

let sending = false;
let timer = null;

const later = () => {
  clearTimeout(timer);
  if (waiting().length && !out) timer = setTimeout(send, AGAIN);
};

const post = async (to, marks) => {
  const now = Date.now();
  const body = { marks: marks.map((one) => ({ registration: one.registration, came: one.came, ago: Math.max(0, now - one.at) })) };
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(to, {
      method: "POST", body: JSON.stringify(body), redirect: "manual", signal: stop.signal, cache: "no-store",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
    });
  } finally {
    clearTimeout(patience);
  }
};

const send = async () => {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    while (waiting().length) {
      const { to } = waiting()[0];
      const some = waiting().filter((one) => one.to === to).slice(0, AT_ONCE);
      const answer = await post(to, some);
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { out = true; break; }
      if (answer.status >= 500 || answer.status === 429) throw new Error("busy");
      const now = await answer.json().catch(() => ({}));
      // Only what we say ourselves ends a mark: a proxy on the way has no say in it.
      if (!answer.ok && !now.refused) throw new Error("unknown");
      cut = out = false;
      drop(some);
      if (!answer.ok) refused = now.refused || answer.statusText;
      else if (to === page.dataset.marks) take(now);
    }
  } catch {
    cut = true;
  }
  sending = false;
  tell();
  later();
};

/* marking */

const word = page.querySelector("[data-word]");
const say = (text, isBad) => {
  word.textContent = text;
  word.classList.toggle("warn", isBad);
};
const nameOf = (row) => row.querySelector("strong").textContent;

const mark = (row, came) => {
  refused = "";
  show(row, came || 0);
  add({ to: page.dataset.marks, registration: row.dataset.row, came, at: Date.now() });
  tell();
  send();
};

for (const [, row] of rows) {
  row.querySelector("form")?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    mark(row, button.value === "" ? null : Number(button.value));
  });
}

/* looking for somebody */

const letters = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/œ/gi, "oe").replace(/æ/gi, "ae").replace(/ß/g, "ss").toLowerCase()
    .split(/[^a-z0-9]+/).filter(Boolean);
const codeIn = (text) => {
  const code = text.replace(/[\s.\-‑–]/g, "").toUpperCase();
  return /^[CFGHKLMQRTWX34679]{8}$/.test(code) ? code : null;
};
const byCode = (code) => [...rows.values()].find((row) => row.dataset.code === code);

const search = page.querySelector("[data-search]");
const field = search?.querySelector("input");
const filter = () => {
  const code = codeIn(field.value);
  const words = code ? [code.toLowerCase()] : letters(field.value);
  let found = 0;
  for (const row of rows.values()) {
    const fits = words.every((one) => row.dataset.letters.includes(one));
    row.hidden = !fits;
    found += fits;
  }
  page.querySelector("[data-none]").hidden = found > 0 || rows.size === 0;
};

/* A code was read or typed: true where it is somebody's of this list. */
const seen = (code) => {
  const row = byCode(code);
  if (!row || !row.querySelector("form")) return false;
  const before = Number(row.dataset.came) > 0;
  if (!before) mark(row, Number(row.dataset.people));
  say((before ? page.dataset.seenBefore : page.dataset.seen).replace("#", nameOf(row)), false);
  return true;
};

if (search) {
  field.addEventListener("input", filter);
  search.addEventListener("submit", (event) => {
    const code = codeIn(field.value);
    if (code && seen(code)) {
      event.preventDefault();
      field.value = "";
      filter();
      field.focus();
    } else if (cut) {
      // Nobody would answer: what is on the page is filtered already.
      event.preventDefault();
    }
  });
}

/* the camera */

const scan = page.querySelector("[data-scan]");
const camera = page.querySelector("[data-camera]");

const camerasWork = async () => {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  try { return (await BarcodeDetector.getSupportedFormats()).includes("qr_code"); } catch { return false; }
};

const look = async (video, detector) => {
  let last = "";
  while (video.srcObject) {
    try {
      for (const { rawValue } of await detector.detect(video)) {
        const code = codeIn(rawValue);
        if (!code || code === last) continue;
        last = code;
        navigator.vibrate?.(60);
        if (seen(code)) continue;
        if (cut) { say(page.dataset.notHere, true); continue; }
        location.assign(search.action + "?q=" + code);
        return;
      }
    } catch { /* no picture yet */ }
    await new Promise((next) => setTimeout(next, 150));
  }
};

const close = () => {
  const video = camera.querySelector("[data-video]");
  for (const track of video.srcObject?.getTracks() || []) track.stop();
  video.srcObject = null;
  camera.hidden = true;
  scan.hidden = false;
};

if (scan && rows.size && await camerasWork()) {
  scan.hidden = false;
  scan.addEventListener("click", async () => {
    const video = camera.querySelector("[data-video]");
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch {
      say(page.dataset.noCamera, true);
      return;
    }
    camera.hidden = false;
    scan.hidden = true;
    camera.querySelector("[data-camera-off]").focus();
    await video.play().catch(() => {});
    look(video, new BarcodeDetector({ formats: ["qr_code"] }));
  });
  camera.querySelector("[data-camera-off]").addEventListener("click", () => { close(); scan.focus(); });
  addEventListener("pagehide", close);
}

/* what others do */

const online = () => { cut = false; tell(); send(); };

// Where no stream is to be had (too many of them are open), it is asked now and then.
const ask = async () => {
  try {
    const answer = await fetch(page.dataset.live, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { out = true; tell(); return; }
    if (answer.ok) { take(await answer.json()); if (cut) online(); }
  } catch { cut = true; tell(); }
  setTimeout(ask, 10000);
};

const watch = () => {
  const events = new EventSource(page.dataset.live);
  events.addEventListener("open", () => { if (cut) online(); });
  events.addEventListener("message", ({ data }) => take(JSON.parse(data)));
  events.addEventListener("out", () => { events.close(); out = true; tell(); });
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) { ask(); return; }
    cut = true;
    tell();
  });
};

/* what was kept and is too old goes; what was kept when the page was left is shown, and sent */

keep(waiting().filter((one) => Date.now() - one.at < AGE_MAX));
for (const one of waiting()) {
  const row = one.to === page.dataset.marks && rows.get(one.registration);
  if (row) show(row, one.came || 0);
}
addEventListener("online", online);
addEventListener("offline", () => { cut = true; tell(); });
addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
for (const form of document.querySelectorAll('form[action$="/office/sign-out"]')) {
  form.addEventListener("submit", (event) => {
    const number = waiting().length;
    if (number && !confirm(net.dataset.leaving.replace("#", number))) { event.preventDefault(); return; }
    keep([]);
  });
}
tell();
send();
if (page.dataset.live) watch();
