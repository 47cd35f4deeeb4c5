// How pages look: chosen in the header and kept in this browser; what was not chosen follows the system. This script stands
// in the head and is small, so that a page is never first drawn in another view.
"use strict";
(() => {
  const root = document.documentElement, { dataset } = root;
  const KEY = "gongshi-view", SIZES = [18, 22, 26, 30]; // points, in the elderly view
  const dark = matchMedia("(prefers-color-scheme: dark)"), more = matchMedia("(prefers-contrast: more)");
  let chosen;

  const show = () => {
    const is = { elderly: !!chosen.elderly, dark: chosen.dark ?? dark.matches, contrast: chosen.contrast ?? more.matches };
    const size = SIZES[chosen.size] || SIZES[0];
    dataset.view = is.elderly ? "elderly" : "usual";
    dataset.theme = is.dark ? "dark" : "light";
    dataset.contrast = is.contrast ? "high" : "usual";
    dataset.size = size;
    for (const button of document.querySelectorAll("[data-switch]")) button.ariaPressed = is[button.dataset.switch];
    for (const button of document.querySelectorAll("[data-step]")) {
      button.ariaDisabled = size === (+button.dataset.step < 0 ? SIZES[0] : SIZES.at(-1));
      button.parentNode.querySelector("output").value = `字号 ${size}`;
    }
    return is;
  };
  const load = () => {
    try {
      chosen = JSON.parse(localStorage.getItem(KEY)) || {};
    } catch {
      chosen = {};
    }
    show();
  };

  addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-switch], [data-step]");
    if (!button) return;
    const { switch: name, step } = button.dataset;
    if (step) chosen.size = Math.min(Math.max((chosen.size || 0) + +step, 0), SIZES.length - 1);
    else chosen[name] = !show()[name];
    show();
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch {} // a browser that keeps nothing: the view lasts as long as the page
  });
  for (const query of [dark, more]) query.addEventListener?.("change", show);
  addEventListener("storage", load);
  addEventListener("pageshow", load);
  addEventListener("DOMContentLoaded", load);
  load();
  root.classList.add("js");

  // What notice.js goes on with, known before the page is drawn so that nothing moves.
  if (window.speechSynthesis) root.classList.add("talks");
  const status = new URLSearchParams(location.search).get("status");
  if (status && !location.hash) dataset.status = status;
})();
