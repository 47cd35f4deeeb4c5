// The directory of whom to call gets shorter while somebody types or chooses. Without this script all of it is there.
"use strict";
(() => {
  const form = document.querySelector("form.narrow");
  if (!form) return;
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[\s-]/g, "");
  const parts = Array.from(document.querySelectorAll(".narrowed"), (part) => ({
    part,
    title: plain(part.firstElementChild.textContent),
    items: Array.from(part.querySelectorAll(":scope > ul > li"), (item) => ({ item, text: plain(item.textContent) })),
  }));
  const narrow = () => {
    const { q, group, sector } = form.elements;
    const wanted = plain(q.value);
    let found = 0;
    for (const { part, title, items } of parts) {
      const here = !group || !group.value || part.id === group.value;
      let shown = 0;
      for (const { item, text } of items) {
        const fits = here && (!sector || !sector.value || item.dataset.sector === sector.value);
        item.hidden = !(fits && (text.includes(wanted) || title.includes(wanted)));
        shown += !item.hidden;
      }
      part.hidden = !shown;
      found += shown;
    }
    const asked = wanted || group?.value || sector?.value;
    form.querySelector("output").textContent = asked ? (found ? `找到 ${found} 个` : "没有找到，换个说法试试") : "";
  };
  form.classList.add("on"); // for browsers that do not tell the style sheet of scripts
  form.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
  narrow();
})();
