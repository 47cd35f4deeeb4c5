// The page of a notice: show the issues of one status alone, and read aloud. Without it all is shown.
"use strict";
(() => {
  const root = document.documentElement;
  const there = (element) => element.getClientRects().length;

  const filter = document.querySelector(".status-filter");
  if (filter) {
    const buttons = [...filter.querySelectorAll("button")], said = filter.querySelector("[role=status]");
    const choose = (status) => {
      const chosen = buttons.find(({ value }) => value === status) || buttons[0], { value } = chosen;
      for (const button of buttons) button.ariaPressed = button === chosen;
      if (value) root.dataset.status = value;
      else delete root.dataset.status;
      const shown = +chosen.dataset.count, all = +buttons[0].dataset.count;
      said.textContent = value ? `显示 ${shown} 个，隐藏 ${all - shown} 个` : `显示全部 ${all} 个`;
      const address = new URL(location);
      if (value) address.searchParams.set("status", value);
      else address.searchParams.delete("status");
      if (address.href !== location.href) history.replaceState(history.state, "", address);
    };
    // Whoever follows a link sees what it leads to.
    const reveal = (hash) => {
      const part = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
      if (!part || there(part)) return;
      choose("");
      return part;
    };
    for (const button of buttons) button.addEventListener("click", () => choose(button.value));
    addEventListener("click", ({ target }) => {
      const link = target.closest?.("a[href^='#']");
      if (link) reveal(link.hash);
    }, true);
    addEventListener("hashchange", () => reveal(location.hash)?.scrollIntoView());
    const asked = new URLSearchParams(location.search).get("status");
    if (asked !== null) {
      choose(asked);
      reveal(location.hash)?.scrollIntoView();
    }
  }

  const speech = window.speechSynthesis, buttons = document.querySelectorAll(".read");
  if (!speech || !buttons.length) return;
  let voice, reading;
  const find = () => {
    const voices = speech.getVoices().filter(({ lang }) => /^(zh|cmn)(?!.*(HK|TW|Hant))/i.test(lang));
    voice = voices.find(({ lang, localService }) => /CN/i.test(lang) && localService) || voices[0];
    root.classList.toggle("speaks", !!voice);
  };
  find();
  speech.addEventListener?.("voiceschanged", find);

  // The document's own sentences in a part of the page: nothing that the site added, nothing that is not shown.
  const sentences = (part) => {
    let text = "";
    const walk = (node) => {
      if (node.nodeType === 3) text += node.data.replace(/\s+/g, " ");
      if (node.nodeType !== 1 || node.matches(".added, .visually-hidden, svg, nav, script") || !there(node)) return;
      node.childNodes.forEach(walk);
      if (/^(P|LI|H\d|T[DHR]|DIV|SECTION)$/.test(node.nodeName)) text += "\n";
    };
    walk(part);
    return text.match(/[^。！？；\n]{1,120}[。！？；]?/g)?.map((each) => each.trim()).filter((each) => /[\p{L}\p{N}]/u.test(each)) || [];
  };
  const stop = () => {
    if (reading) reading.textContent = reading.dataset.label;
    reading = null;
    speech.cancel();
  };
  const read = (button) => {
    const rest = sentences(button.closest(".issue, .notice"));
    button.dataset.label = button.textContent;
    button.textContent = "停止朗读";
    reading = button;
    const next = () => {
      if (reading !== button) return;
      if (!rest.length) return stop();
      const words = new SpeechSynthesisUtterance(rest.shift());
      Object.assign(words, { voice, lang: voice.lang, rate: .9, onend: next, onerror: () => reading === button && stop() });
      speech.speak(words);
    };
    next();
  };
  for (const button of buttons)
    button.addEventListener("click", () => {
      const same = reading === button;
      stop();
      if (!same) read(button);
    });
  addEventListener("pagehide", stop);
})();
