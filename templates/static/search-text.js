// Text and query, on the search page and on the pages that it leads to. What counts is the rule of
// gongshi/search/fold.py: each code point by itself, NFKD, lower case, letters and digits only.
"use strict";
const gongshi = (() => {
  const KEPT = /[\p{L}\p{N}\u{20000}-\u{3FFFD}]/u;
  const known = new Map();
  const foldPoint = (point) => {
    let folded = known.get(point);
    if (folded === undefined) {
      const small = Array.from(point.normalize("NFKD"), (c) => c.toLowerCase()).join("");
      folded = Array.from(small.normalize("NFKD")).filter((c) => KEPT.test(c)).join("");
      known.set(point, folded);
    }
    return folded;
  };
  const fold = (text) => Array.from(text, foldPoint).join("");

  // Where some folded words stand in a text: [start, end], in order, none inside another.
  const ranges = (text, words) => {
    const from = [], to = [], found = [];
    let folded = "", at = 0;
    for (const point of text) {
      const piece = foldPoint(point), end = at + point.length;
      for (let i = 0; i < piece.length; i++) from.push(at), to.push(end);
      folded += piece;
      at = end;
    }
    for (const word of words)
      for (let i = -1; (i = folded.indexOf(word, i + 1)) >= 0;) found.push([from[i], to[i + word.length - 1]]);
    return found.sort((a, b) => a[0] - b[0]).reduce((all, range) => {
      const last = all.at(-1);
      if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
      else all.push(range);
      return all;
    }, []);
  };

  // A query: words that have to be there, words that must not be, filters such as 单位:交通; and what it was made of.
  const FILTERS = { 单位: "agency", 地区: "region", 年份: "year", 种类: "kind", 进度: "status", 领域: "topic" };
  const TOKEN = /([-－])?(?:(单位|地区|年份|种类|进度|领域)[:：]\s*)?(?:["“”「]([^"“”」]*)["“”」]?|([^\s"“”「」]+))/gu;
  const parse = (query) => {
    const words = new Set(), without = [], filters = [], tokens = [];
    for (const [source, minus, filter, quoted, plain] of query.matchAll(TOKEN)) {
      const word = fold(quoted ?? plain);
      if (!word) continue;
      tokens.push({ source, filter, word: !filter && !minus && word });
      if (filter) filters.push({ name: FILTERS[filter], word, minus: Boolean(minus) });
      else if (minus) without.push(word);
      else words.add(word);
    }
    return { words: [...words], without, filters, tokens };
  };

  // The pieces of text of a page, as gongshi/derive/passages.py has them, each with the part that it stands in.
  const INLINE = /^(A|B|BR|CODE|EM|MARK|SPAN|STRONG)$/;
  const SKIPPED = "nav, script, svg, button, .tools, .visually-hidden, .anchor, .jump, .label, .contact-card > p, .hotlines, .time-line, .versions, .instead, .report, .qr, .issue .added a";
  const passages = (main) => {
    const all = [];
    let block = null;
    const walk = (parent) => {
      for (const node of parent.childNodes) {
        if (node.nodeType === 3) {
          const outer = parent.closest("p, li, h1, h2, h3, h4, h5, h6, dt, dd, td, th, pre, div, section, article, main");
          if (outer !== block) {
            block = outer;
            const part = outer.closest("section[id], aside[id]");
            all.push({ nodes: [], text: "", dialled: "", anchor: part?.id || "", heading: /^H\d$/.test(outer.nodeName) });
          }
          all.at(-1).nodes.push(node);
          all.at(-1).text += node.data;
          if (parent.matches("[href^='tel:+86']")) all.at(-1).dialled = parent.href.replace("tel:+86", "0");
        } else if (node.nodeType === 1 && !node.matches(SKIPPED)) {
          if (!INLINE.test(node.nodeName)) block = null;
          walk(node);
          if (!INLINE.test(node.nodeName)) block = null;
        }
      }
    };
    walk(main);
    return all.filter(({ text }) => text.trim());
  };

  // A text with <mark> around some ranges of it.
  const marked = (text, found) => {
    const made = document.createDocumentFragment();
    let at = 0;
    for (const [start, end] of found) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      made.append(text.slice(at, start), mark);
      at = end;
    }
    made.append(text.slice(at));
    return made;
  };

  // Mark words where they stand on this page.
  const mark = (main, words) => {
    for (const { nodes, text } of passages(main)) {
      const found = ranges(text, words);
      let at = 0;
      for (const node of nodes) {
        const { data } = node, { length } = data;
        const inside = found.map(([start, end]) => [Math.max(start - at, 0), Math.min(end - at, length)])
          .filter(([start, end]) => start < end);
        if (inside.length) node.replaceWith(marked(data, inside));
        at += length;
      }
    }
  };

  return { fold, ranges, parse, passages, marked, mark };
})();

// A page that a search led to shows what was looked for.
if (document.querySelector("article.notice")) {
  const query = new URLSearchParams(location.search).get("q");
  if (query) {
    const main = document.getElementById("main");
    gongshi.mark(main, gongshi.parse(query).words);
    const part = document.querySelector(":target") || main;
    part.querySelector("mark")?.scrollIntoView({ block: "center" });
  }
}
