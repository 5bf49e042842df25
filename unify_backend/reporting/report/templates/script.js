"use strict";
(() => {
  const get = (id) => document.getElementById(id);
  for (const one of document.querySelectorAll(".js")) one.hidden = false;

  const pairs = [...document.querySelectorAll("details.pair")];
  const all = (open) => () => pairs.forEach((one) => { one.open = open; });
  get("open-all")?.addEventListener("click", all(true));
  get("close-all")?.addEventListener("click", all(false));

  const follow = () => {
    const target = location.hash && get(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) {
      target.open = true;
      target.scrollIntoView();
      target.querySelector("summary").focus();
    }
  };
  addEventListener("hashchange", follow);
  follow();
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });

  const table = get("references-table");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  const [search, fate, area, action] = ["search", "by-fate", "by-area", "by-action"].map(get);
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { row, text } of rows) {
      const fits = (!fate.value || row.dataset.f === fate.value)
        && (!area.value || row.dataset.a === area.value)
        && (!action.value || row.dataset.c === action.value)
        && words.every((word) => text.includes(word));
      row.hidden = !fits;
      found += fits;
    }
    get("found").value = `${found.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
  };
  get("filter").addEventListener("submit", (event) => event.preventDefault());
  get("filter").addEventListener("input", apply);
  apply();

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = new Intl.Collator("en", { numeric: true });
      const key = ({ row }) => row.cells[column].textContent;
      rows.sort((one, other) => order.compare(key(one), key(other)) * (down ? -1 : 1));
      body.append(...rows.map(({ row }) => row));
    });
  });
})();
