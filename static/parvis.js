// A few helps that no page needs: ticked sessions are remembered while the tab is open, counted, and looked at for
// overlaps.
//
// Ticks: <form data-choice="PROGRAMME"> with <input type="checkbox" name="session" data-start data-end>, and
// anywhere <output data-chosen> with the texts data-none, data-one, data-many ("#" is the number), data-apart,
// data-overlap. A page with [data-choice-done="PROGRAMME"] forgets them.
"use strict";

const stored = (name) => {
  try { return JSON.parse(sessionStorage.getItem(name)) || {}; } catch { return {}; }
};
const store = (name, chosen) => {
  try { sessionStorage.setItem(name, JSON.stringify(chosen)); } catch { /* private mode: this page alone */ }
};

const overlap = (chosen) => {
  const spans = Object.values(chosen)
    .map(([from, to]) => [Date.parse(from), Date.parse(to || from)])
    .filter(([from]) => from)
    .sort((a, b) => a[0] - b[0]);
  let latest = 0;
  return spans.some(([from, to]) => {
    const clash = from < latest;
    latest = Math.max(latest, to);
    return clash;
  });
};

const choice = (form) => {
  const name = "parvis:" + form.dataset.choice;
  const boxes = [...document.querySelectorAll('input[type="checkbox"][name="session"]')].filter((box) => box.form === form);
  const bar = document.querySelector("[data-chosen]");
  let chosen = {};

  const show = () => {
    const number = Object.keys(chosen).length;
    if (!bar) return;
    const { none, one, many, apart, overlap: clash } = bar.dataset;
    const count = number === 0 ? none : number === 1 ? one : many.replace("#", number);
    bar.textContent = number < 2 ? count : count + " · " + (overlap(chosen) ? clash : apart);
  };
  const read = () => {
    chosen = stored(name);
    for (const box of boxes) box.checked = box.value in chosen;
    show();
  };

  form.addEventListener("change", ({ target }) => {
    if (!boxes.includes(target)) return;
    if (target.checked) chosen[target.value] = [target.dataset.start, target.dataset.end];
    else delete chosen[target.value];
    store(name, chosen);
    show();
  });
  // Sessions ticked on another page of the programme go with those of this one.
  form.addEventListener("formdata", ({ formData }) => {
    const here = new Set(boxes.map((box) => box.value));
    for (const slug of Object.keys(chosen)) if (!here.has(slug)) formData.append("session", slug);
  });
  addEventListener("pageshow", read);
  read();
};

for (const done of document.querySelectorAll("[data-choice-done]")) {
  try { sessionStorage.removeItem("parvis:" + done.dataset.choiceDone); } catch { /* nothing was kept */ }
}
document.querySelectorAll("form[data-choice]").forEach(choice);
