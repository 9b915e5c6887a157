// Small helps: everything works without them.  "/" goes to the question, arrows go through cards.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing) {
    const box = document.querySelector("[data-question]");
    if (box) { event.preventDefault(); box.focus(); }
  }
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !typing) {
    const cards = [...document.querySelectorAll("article.card")];
    if (!cards.length) return;
    const at = cards.findIndex((card) => card.contains(document.activeElement));
    const next = cards[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); next.querySelector("a, button").focus(); }
  }
});
// One box ticks all of its table, and counts what is ticked.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-all]");
  if (all) {
    for (const box of document.querySelectorAll(`input[name="${all.dataset.all}"]`)) box.checked = all.checked;
  }
});
// A file that is dropped on the page is chosen in its form.
const drop = document.querySelector("[data-drop]");
if (drop) {
  const input = drop.querySelector("input[type=file]");
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        drop.requestSubmit();
      }
    });
  }
}
// A filter that is ticked or chosen holds at once.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit]");
  if (form && event.target.matches("input[type=checkbox], select")) form.requestSubmit();
});
// On the page of reasons, what one side says lights up where the other side says it.
const beside = [...document.querySelectorAll("[data-pairs]")];
const words = (place) => [...place.querySelectorAll("mark")].map((one) => one.textContent.toLowerCase());
const light = (place) => {
  const numbers = place ? place.dataset.pairs.split(" ") : [];
  const said = place ? words(place) : [];
  for (const one of beside) {
    const other = one !== place && one.dataset.pairs.split(" ").some((number) => number && numbers.includes(number));
    one.classList.toggle("lit", Boolean(place) && (one === place || other));
    for (const mark of one.querySelectorAll("mark")) {
      mark.classList.toggle("lit", other && said.includes(mark.textContent.toLowerCase()));
    }
  }
};
for (const place of beside) {
  for (const name of ["mouseenter", "focusin"]) place.addEventListener(name, () => light(place));
  for (const name of ["mouseleave", "focusout"]) place.addEventListener(name, () => light(null));
}
// A table whose rows are all here is sorted by a click on a head: numbers by size, words by pinyin.
const order = new Intl.Collator("zh-CN", { numeric: true });
const weight = (text) => (/^[\d,.]+%?$/.test(text) ? parseFloat(text.replaceAll(",", "")) : text === "—" ? -1 : NaN);
for (const table of document.querySelectorAll("table[data-sort]")) {
  const body = table.tBodies[0];
  if (!body || body.rows.length < 2) continue;
  for (const head of table.tHead.rows[0].cells) {
    const press = document.createElement("button");
    press.type = "button";
    press.className = "plain sorter";
    press.textContent = head.textContent;
    head.replaceChildren(press);
    press.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") === "descending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const told = (row) => row.cells[head.cellIndex].textContent.trim();
      const rows = [...body.rows].sort((a, b) => {
        const [left, right] = [told(a), told(b)];
        const [one, two] = [weight(left), weight(right)];
        const by = Number.isNaN(one) || Number.isNaN(two) ? order.compare(left, right) : one - two;
        return up ? by : -by;
      });
      body.append(...rows);
    });
  }
}
// On a phone the filters are a drawer, which its link opens and Escape closes.
const drawer = document.getElementById("filters");
const handle = document.querySelector(".jump a");
if (drawer && handle) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "plain close";
  close.textContent = "关闭 ✕";
  drawer.prepend(close);
  drawer.classList.add("drawer");
  const show = (open) => {
    drawer.classList.toggle("open", open);
    handle.setAttribute("aria-expanded", String(open));
    if (open) close.focus(); else handle.focus();
  };
  handle.setAttribute("role", "button");
  handle.className = "secondary outline";
  handle.setAttribute("aria-expanded", "false");
  handle.textContent = "筛选";
  handle.addEventListener("click", (event) => { event.preventDefault(); show(true); });
  close.addEventListener("click", () => show(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawer.classList.contains("open")) show(false);
  });
}
// What is typed into a long form outlives the end of a session, in this window alone, but not that
// one signs out, which leads to the first page.
const SAVED = "kept:";
const typed = (form) => [...new FormData(form)].filter(([name]) => form.elements[name]?.type !== "hidden");
const long = document.querySelector("form[data-keep]");
const name = long && SAVED + long.dataset.keep;
if (long) {
  const text = sessionStorage.getItem(name);
  if (text && !document.querySelector("[role=alert]")) {
    const blank = ![...long.querySelectorAll("input:not([type]), textarea")].some((one) => one.value);
    if (blank || sessionStorage.getItem("sent") === name) {
      const told = JSON.parse(text);
      for (const one of long.elements) {
        if (!one.name || one.type === "hidden") continue;
        const values = told.filter(([field]) => field === one.name).map(([, value]) => value);
        if (one.type === "checkbox" || one.type === "radio") one.checked = values.includes(one.value);
        else if (values.length) [one.value] = values;
      }
      const note = document.createElement("p");
      note.className = "note good";
      note.setAttribute("role", "status");
      note.textContent = "已填回您刚才写的内容。";
      long.before(note);
    }
  }
  sessionStorage.removeItem("sent");
  long.addEventListener("input", () => sessionStorage.setItem(name, JSON.stringify(typed(long))));
  long.addEventListener("submit", () => {
    sessionStorage.setItem(name, JSON.stringify(typed(long)));
    sessionStorage.setItem("sent", name);
  });
} else if (document.querySelector('.top a[href="/sign-in"]') && !document.querySelector("[data-entrance]")) {
  sessionStorage.clear();
} else if (!document.querySelector("[data-entrance]") && sessionStorage.getItem("sent")) {
  sessionStorage.removeItem(sessionStorage.getItem("sent"));
  sessionStorage.removeItem("sent");
}
