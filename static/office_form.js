// A long form of the office outlives a connection that is lost and a session that ends: what is typed is kept in this
// tab, for who types it, until it is saved, given up, or somebody signs out, in whichever tab. Without this file forms
// are as they were.
//
// <form data-keep="PATH"> with [data-kept] in it, hidden: the sentence and its button [data-kept-discard]. data-answer on
// the form: the page is the server's answer and holds what was sent. A link [data-keep-leave] gives up. The pages of who
// is signed in say so: <body data-who="ID">. [data-kept-out], hidden, is said to who was signed out over a form,
// [data-kept-elsewhere] to who signs out in another tab.

const PREFIX = "parvis:form:";
const SENT = "parvis:form-sent";
// When somebody signed out last in this browser: the moment, and nothing else, for its other tabs. Where the browser
// hears `Clear-Site-Data`, what they keep is gone already; without TLS, and in others, it is not.
const OUT = "parvis:signed-out";
const AGE_MAX = 12 * 3600 * 1000;
const who = document.body.dataset.who;
let isOut = false;

/* what is kept */

const read = (key) => {
  try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
};
const write = (key, value) => {
  try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full, or private: then as without us */ }
};
const forget = (key) => {
  try { sessionStorage.removeItem(key); } catch { /* nothing was kept */ }
};
const all = () => {
  try { return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
};

/* a form's fields */

const keyOf = (form) => PREFIX + form.dataset.keep;
const fieldsOf = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");
const keep = (form) => {
  if (!isOut) write(keyOf(form), { who, at: Date.now(), fields: fieldsOf(form) });
};

// What the form remembers of the server goes with what was typed: so it still tells what others have changed since, and
// a form that had arrived makes nothing a second time.
const fill = (form, fields) => {
  const left = new Map();
  for (const [field, value] of fields) left.set(field, [...(left.get(field) || []), value]);
  for (const one of form.elements) {
    if (!one.name || ["submit", "button", "file", "fieldset", "output"].includes(one.type)) continue;
    const values = left.get(one.name) || [];
    if (one.type === "checkbox" || one.type === "radio") one.checked = values.includes(one.value);
    else if (values.length > 0) {
      const value = values.shift();
      if (one.type !== "select-one" || [...one.options].some((option) => option.value === value)) one.value = value;
    }
  }
};
const typed = (form, fields) => {
  const isTyped = ([field]) => form.querySelector(`input[type=hidden][name="${CSS.escape(field)}"]`) === null;
  return JSON.stringify(fields.filter(isTyped));
};

/* arriving */

// A moment to come is one of a clock that was wrong.
const outAt = () => {
  try {
    const at = Number(localStorage.getItem(OUT));
    return at <= Date.now() ? at : 0;
  } catch { return 0; }
};
const sent = read(SENT);
forget(SENT);
for (const key of all()) {
  const kept = read(key);
  if (!kept || Date.now() - kept.at > AGE_MAX || kept.at <= outAt() || (who && kept.who !== who)) forget(key);
}
// The server leads on from a form that it has taken; who is not signed in was led elsewhere.
if (who && sent && (performance.getEntriesByType("navigation")[0]?.redirectCount ?? 0) > 0) forget(sent);
if (!who && sent && read(sent)) {
  for (const one of document.querySelectorAll("[data-kept-out]")) one.hidden = false;
}

for (const form of who ? document.querySelectorAll("form[data-keep]") : []) {
  const key = keyOf(form);
  const shown = fieldsOf(form);
  const notice = form.querySelector("[data-kept]");
  const kept = read(key);
  const isAnswer = sent === key && "answer" in form.dataset;
  if (kept && !isAnswer && typed(form, kept.fields) !== typed(form, shown)) {
    fill(form, kept.fields);
    notice.hidden = false;
  } else forget(key);

  form.addEventListener("input", () => keep(form));
  form.addEventListener("change", () => keep(form));
  notice.querySelector("[data-kept-discard]").addEventListener("click", () => {
    fill(form, shown);
    forget(key);
    notice.hidden = true;
    document.querySelector("h1").scrollIntoView();
    document.querySelector("main").focus();
  });
}

/* leaving */

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.matches('[action$="/sign-out"]')) {
    all().forEach(forget);
    try { localStorage.setItem(OUT, Date.now()); } catch { /* private: the other tabs forget with their time */ }
  } else if (who && form.matches("[data-keep]")) {
    keep(form);
    write(SENT, keyOf(form));
  }
});
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-keep-leave]");
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (link && isPlain) forget(keyOf(link.closest("form")));
});
// In another tab, which keeps nothing more of what is on its page. One that sleeps looks at the moment when it wakes.
addEventListener("storage", (event) => {
  if (event.key !== OUT || event.newValue === null) return;
  isOut = true;
  all().forEach(forget);
  forget(SENT);
  for (const one of document.querySelectorAll("[data-kept]")) one.hidden = true;
  for (const one of document.querySelectorAll("[data-kept-elsewhere]")) one.hidden = false;
});
// The page as it was left: nothing came of what was sent.
addEventListener("pageshow", (event) => {
  if (event.persisted) forget(SENT);
});
