"use strict";
// Filter, sort and theme. Belongs here: what makes reading easier. Must stay out: anything a page needs.
(function () {
  const doc = document;

  // A table with data-sort: its headings become buttons.
  const keyOf = (row, n) => {
    const cell = row.cells[n];
    const text = cell.dataset.value ?? cell.textContent.trim();
    const number = Number(text);
    return text !== "" && !Number.isNaN(number) ? number : text.toLocaleLowerCase();
  };
  const compare = (a, b) =>
    typeof a === typeof b ? (typeof a === "number" ? a - b : a.localeCompare(b)) : typeof a === "number" ? -1 : 1;
  for (const table of doc.querySelectorAll("table[data-sort]")) {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((heading, n) => {
      if (heading.dataset.fixed !== undefined) return;
      const button = doc.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const up = heading.getAttribute("aria-sort") !== "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", up ? "ascending" : "descending");
        const rows = [...body.rows].map((row) => [keyOf(row, n), row]);
        rows.sort((a, b) => (up ? compare(a[0], b[0]) : compare(b[0], a[0])));
        body.append(...rows.map((pair) => pair[1]));
      });
    });
  }

  // A field with data-filters: it hides the rows of that table which lack its words.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  for (const tool of doc.querySelectorAll("[data-filters]")) {
    const table = doc.getElementById(tool.dataset.filters);
    const input = tool.querySelector("input");
    const count = tool.querySelector("output");
    tool.hidden = false;
    input.addEventListener("input", () => {
      const wanted = plain(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        const text = plain(row.textContent);
        row.hidden = !wanted.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = wanted.length ? `${shown} of ${table.tBodies[0].rows.length}` : "";
    });
  }

  // The theme: as the system says, until the reader says otherwise.
  const toggle = doc.getElementById("theme");
  if (toggle) {
    const dark = () =>
      (doc.documentElement.dataset.theme ??
        (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const label = () => (toggle.textContent = dark() ? "Light theme" : "Dark theme");
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      doc.documentElement.dataset.theme = dark() ? "light" : "dark";
      label();
    });
    label();
  }

  // On paper everything is open.
  const closed = new Set();
  addEventListener("beforeprint", () => {
    for (const one of doc.querySelectorAll("details:not([open])")) closed.add(one), (one.open = true);
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
    closed.clear();
  });
})();
