// Copies the citation of a notice (GB/T 7714), and of each of its issues, with the reader's own day.
"use strict";
(() => {
  const box = document.getElementById("citation");
  if (!box) return;
  const part = (name) => box.querySelector(`[data-part=${name}]`)?.textContent || "";
  const pad = (number) => String(number).padStart(2, "0");
  const cite = (about, anchor) => {
    const now = new Date();
    const looked = `[${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}]`;
    const address = part("address") || location.href.replace(/[?#].*$/, "");
    return `${part("work")}${about}[EB/OL]. ${part("published")}${looked}. ${address}${anchor}`;
  };
  const copies = (button, status, about, anchor) => button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(cite(about, anchor));
      status.textContent = "已复制";
    } catch {
      status.textContent = "没能复制，请在页尾“引用这份通报”里自己选中";
    }
  });
  const actions = box.querySelector(".actions");
  copies(actions.querySelector("button"), actions.querySelector("[role=status]"), "", "");
  actions.hidden = false;
  for (const issue of document.querySelectorAll(".issue")) {
    const link = issue.querySelector(".issue-meta .anchor");
    const title = issue.querySelector("h2, h3, h4, h5, h6").textContent.trim();
    const button = document.createElement("button");
    button.type = "button";
    button.className = "anchor cite";
    button.textContent = "复制引用";
    copies(button, button, `：${title}`, `#${issue.id}`);
    link.after(button);
  }
})();
