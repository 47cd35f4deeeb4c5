// The search page: an exact index of the positions of character pairs, in small files (docs/search.md).
"use strict";
(() => {
  const BLOCK = 256, PAGE = 10, SHOWN = 3;
  const { dataset, src } = document.currentScript;
  const root = new URL("..", src).href;
  const KINDS = JSON.parse(dataset.kinds), BUCKETS = JSON.parse(dataset.buckets);
  const { fold, ranges, parse, passages, marked } = gongshi;

  // --- Files: fetched here; where a site is read from a disk, search-offline.js puts others in their place ----------

  const fetched = async (path, options) => {
    const response = await fetch(root + path, options);
    if (!response.ok) throw Object.assign(new Error(path), { gone: response.status === 404 });
    return response;
  };
  const files = {
    index: "",
    manifest: () => files.json("search/manifest.json"),
    json: async (path) => (await fetched(path, { cache: "no-cache" })).json(),
    part: async (name) => (await fetched(`search/${name}.bin`)).body,
    page: async (id) => {
      const page = new DOMParser().parseFromString(await (await fetched(`notices/${id}/`)).text(), "text/html");
      const main = page.getElementById("main");
      return { title: main.querySelector("h1").textContent, passages: passages(main), main };
    },
    ...gongshi.files,
  };
  const part = async (name) => new Response((await files.part(name)).pipeThrough(new DecompressionStream("gzip")));
  const once = (make) => {
    const made = new Map();
    const get = (key) => {
      if (!made.has(key)) made.set(key, make(key).catch((error) => { made.delete(key); throw error; }));
      return made.get(key);
    };
    return Object.assign(get, { forget: () => made.clear() });
  };

  // --- Facets: each has values with a key (as in the address) and a label; segments share them ---------------------

  const facets = {};
  for (const name of ["agency", "region", "year", "status", "kind", "topic"]) facets[name] = { values: [], places: new Map() };
  const place = (name, key, label) => {
    const { values, places } = facets[name];
    if (!places.has(key)) places.set(key, values.push({ key }) - 1);
    Object.assign(values[places.get(key)], { label, folded: fold(label) });
    return places.get(key);
  };
  for (const [key, label] of KINDS) place("kind", key, label);
  for (const [key, label] of BUCKETS) place("status", key, label);

  // Of each facet: the places of the values of every notice of a segment, those that are gone aside.
  const faceted = ({ agencies, agency, regions, sectors, day, kind, buckets, gone }) => {
    const names = new Map(regions), masks = Array.from({ length: 16 }, (_, mask) => [0, 1, 2, 3].filter((n) => mask >> n & 1));
    const each = (column, values) => {
      const made = [];
      return column.map((value, n) => (gone.has(n) ? [] : made[value] ??= values(value)));
    };
    return {
      agency: each(agency, (n) => [place("agency", ...agencies[n])]),
      region: each(agency, (n) => {
        const [code] = regions[agencies[n][2]];
        const above = new Set([code.slice(0, 2) + "0000", code.slice(0, 4) + "00", code]);
        return [...above].filter((part) => names.has(part)).map((part) => place("region", part, names.get(part)));
      }),
      topic: each(agency, (n) => {
        const sector = sectors[agencies[n][3]];
        return sector ? [place("topic", sector, sector)] : [];
      }),
      year: each(day.map((value) => Math.floor(value / 372)), (year) => [year ? place("year", `${year}`, `${year}年`) : place("year", "undated", "日期未注明")]),
      kind: each(kind, (n) => [n]),
      status: each(buckets, (mask) => masks[mask]),
    };
  };

  // The hits that pass all filters; and how many there are of each value of each facet, its own filters aside.
  const narrowed = (hits, filters) => {
    const all = Object.entries(facets).map(([name, { values }]) => ({
      name,
      counts: new Uint32Array(values.length),
      tests: filters.filter((filter) => filter.name === name).map(({ test, minus }) => ({ passes: values.map(test), minus })),
    }));
    const passed = hits.filter(({ segment, n }) => {
      const values = ({ name }) => segment.facets[name][n];
      const missed = all.filter((facet) => facet.tests.some(({ passes, minus }) => values(facet).some((each) => passes[each]) === minus));
      if (missed.length < 2)
        for (const facet of missed.length ? missed : all) for (const each of values(facet)) facet.counts[each]++;
      return !missed.length;
    });
    return { passed, counts: Object.fromEntries(all.map(({ name, counts }) => [name, counts])) };
  };

  // --- The index (gongshi/search/postings.py) ----------------------------------------------------------------------

  // The place of the last number that is not above one.
  const below = (numbers, value) => {
    let low = 0, high = numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[middle] <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  const sums = (gaps) => {
    let sum = 0;
    return gaps.map((gap) => (sum += gap));
  };

  class Segment {
    constructor({ path, gone }, head) {
      Object.assign(this, head, { path, gone: new Set(gone) });
      this.ends = sums(head.headings.map((headings, n) => (1 + headings + head.rest[n]) * BLOCK));
      const firsts = sums(head.grams);
      const file = once(async (n) => {
        const bytes = new Uint8Array(await (await part(path + n)).arrayBuffer()), lists = new Map();
        let at = 0;
        const next = () => {
          let value = 0, unit = 1, byte;
          do {
            byte = bytes[at++];
            value += (byte & 127) * unit;
            unit *= 128;
          } while (byte > 127);
          return value;
        };
        const read = (start, end) => {
          const list = new Uint32Array(end - start);
          let count = 0, value = 0;
          for (at = start; at < end;) list[count++] = value += next();
          return list.subarray(0, count);
        };
        for (let gram = firsts[n]; at < bytes.length;) {
          gram += next();
          const length = next();
          lists.set(gram, [at, at += length]);
        }
        return (gram) => read(...(lists.get(gram) || [0, 0]));
      });
      this.list = once(async (gram) => {
        const n = below(firsts, gram);
        return n < 0 ? new Uint32Array() : (await file(n))(gram);
      });
      this.word = once(async (word) => this.counted(word, await (word.length > 1 ? this.phrase(word) : this.list(word.charCodeAt()))));
    }

    id(n) {
      return this.ids[n].replace("~", this.agencies[this.agency[n]][0]);
    }

    // The positions of a word of two units or more: those of its pairs that follow each other.
    async phrase(word) {
      const offsets = [];
      for (let i = 0; i < word.length; i += 2) offsets.push(Math.min(i, word.length - 2));
      const lists = await Promise.all(offsets.map(async (i) => (
        { i, list: await this.list(word.charCodeAt(i) * 65536 + word.charCodeAt(i + 1)) })));
      lists.sort((a, b) => a.list.length - b.list.length);
      const [first, ...others] = lists;
      let found = first.list.filter((position) => position >= first.i).map((position) => position - first.i);
      for (const { i, list } of others) {
        const few = list.length > 32 * found.length;
        let next = 0;
        found = found.filter((position) => {
          if (few) next = below(list, position + i);
          else while (list[next] < position + i) next++;
          return list[next] === position + i;
        });
      }
      return found;
    }

    // Which notices have a word: their scores, and whether the title has it. The list of one unit holds notices.
    counted(word, list) {
      const score = new Float32Array(this.ids.length), title = new Uint8Array(this.ids.length), notices = [];
      let n = -1, start = 0, end = 0;
      for (const entry of list) {
        if (word.length < 2) {
          notices.push(n = entry >> 1);
          title[n] = entry & 1;
          score[n] = 1;
          continue;
        }
        if (entry >= end) {
          do { start = end; end = this.ends[++n]; } while (entry >= end);
          notices.push(n);
        }
        const block = Math.floor((entry - start) / BLOCK);
        if (!block) title[n] = 1;
        score[n] += block > this.headings[n] ? 1 : 4;
      }
      return { notices, score, title };
    }

    // The notices that have all words and none of the others.
    async search({ words, without }) {
      const all = (some) => Promise.all(some.map((word) => this.word(word)));
      const found = await all(words), avoided = await all(without), hits = [];
      found.sort((a, b) => a.notices.length - b.notices.length);
      for (const n of found.length ? found[0].notices : this.ids.keys()) {
        if (this.gone.has(n) || found.some(({ score }) => !score[n]) || avoided.some(({ score }) => score[n])) continue;
        let titles = 0, score = 0;
        for (const word of found) titles += word.title[n], score += Math.log2(1 + word.score[n]);
        hits.push({ segment: this, n, titles, score, day: this.day[n] });
      }
      return hits;
    }
  }

  const segments = once(async () => {
    const { segments: listed } = await files.manifest();
    const all = await Promise.all(listed.map(async (each) => new Segment(each, await (await part(`${each.path}head`)).json())));
    for (const segment of all) segment.facets = faceted(segment); // in their order: the newest name of an agency counts
    return all;
  });

  // Simplified characters for traditional ones, from a table that is asked for only where nothing was found.
  const table = once(async () => {
    const [from, to] = await files.json("static/traditional.json");
    return new Map(Array.from(from, (letter, n) => [letter, to[n]]));
  });

  const ORDERS = {
    "": (a, b) => b.titles - a.titles || b.score - a.score || b.day - a.day,
    new: (a, b) => b.day - a.day,
    open: (a, b) => (b.segment.buckets[b.n] & 1) - (a.segment.buckets[a.n] & 1) || ORDERS[""](a, b),
  };

  // The hits of a query in their order, and the counts of the facets.
  const asked = async (params, query) => {
    const parsed = parse(query), { words, without, tokens } = parsed, notice = params.get("notice"), sort = params.get("sort");
    const find = async () => (await Promise.all((await segments()).map((segment) => segment.search(parsed)))).flat();
    let hits = await find().catch(() => { // the site may have been published anew since its index was read
      segments.forget();
      return find();
    });
    if (notice) hits = hits.filter(({ segment, n }) => segment.id(n) === notice);
    if (query.trim() && !tokens.length) hits = []; // punctuation alone asks for nothing
    const filters = parsed.filters.map(({ name, word, minus }) => ({ name, minus, test: ({ folded }) => folded.includes(word) }));
    for (const name in facets)
      if (params.get(name)) filters.push({ name, minus: false, test: ({ key }) => key === params.get(name) });
    const { passed, counts } = narrowed(hits, filters);
    return { hits: passed.sort(Object.hasOwn(ORDERS, sort) ? ORDERS[sort] : ORDERS[""]), counts, words, tokens, query };
  };

  // What an address asks for; where nothing is found, with simplified characters for traditional ones.
  const search = async (params) => {
    const query = params.get("q") || "", found = await asked(params, query);
    if (found.hits.length || !/\p{Script=Han}/u.test(query)) return found;
    const letters = await table();
    const simple = Array.from(query, (letter) => letters.get(letter) || letter).join("");
    const again = simple === query ? found : await asked(params, simple);
    return again.hits.length ? again : found;
  };

  // --- The page ----------------------------------------------------------------------------------------------------

  const [form, message, list, more, named, help, box] = ["form", "status", "results", "more", "agencies", "help", "facets"]
    .map((name) => document.getElementById(`search-${name}`));
  const h = (name, attributes, ...children) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...children.filter(Boolean));
    return element;
  };
  const link = (path, ...children) => h("a", { href: root + path }, ...children);

  const excerpt = ({ text }, words) => {
    const found = ranges(text, words), start = Math.max(0, (found[0]?.[0] || 0) - 30), end = start + 110;
    const inside = found.filter(([from]) => from < end).map(([from, to]) => [from - start, Math.min(to, end) - start]);
    return h("p", { className: "excerpt" }, start && "…", marked(text.slice(start, end), inside), end < text.length && "…");
  };

  // The parts of a notice that have some of the words, those with most of them first.
  const partsOf = (all, words) => {
    const parts = new Map();
    for (const passage of all) {
      passage.folded ??= `${fold(passage.text)} ${passage.dialled || ""}`;
      const { anchor, heading } = passage;
      if (!parts.has(anchor)) parts.set(anchor, { anchor, name: heading && passage.text.trim(), most: 0, words: new Set() });
      const there = words.filter((word) => passage.folded.includes(word)), found = parts.get(anchor);
      for (const word of there) found.words.add(word);
      if (there.length > found.most) found.most = there.length, found.best = passage;
    }
    return [...parts.values()].filter(({ most }) => most).sort((a, b) => b.words.size - a.words.size);
  };

  const page = once((key) => files.page(...key.split(" ")));
  const fill = async (item, { segment, n }, query, words, whole) => {
    const id = segment.id(n), { title, passages: all, main } = await page(`${id} ${segment.path}t${n}`);
    const to = (anchor, text) => link(
      `notices/${id}/${files.index}${query && `?q=${encodeURIComponent(query)}`}${anchor && `#${anchor}`}`, marked(text, ranges(text, words)));
    const parts = partsOf(all, words), places = parts.filter(({ anchor }) => anchor), shown = whole ? places : places.slice(0, SHOWN);
    const about = parts.find(({ anchor, best }) => !anchor && !best.heading);
    item.querySelector("h2").replaceChildren(to("", title));
    item.append(places.length < SHOWN && about ? excerpt(about.best, words) : "", h("ul", { className: "places" }, ...shown.map(({ anchor, name, best }) => (
      h("li", {}, to(anchor, name || best.text), main?.querySelector(`.issue[id="${anchor}"] .badge`)?.cloneNode(true), best.heading ? "" : excerpt(best, words))))));
    if (shown.length < places.length) item.append(h("p", { className: "hint" }, `还有 ${places.length - shown.length} 处`));
  };

  const itemOf = (hit) => {
    const { segment, n, day } = hit, name = segment.agencies[segment.agency[n]][1], kind = KINDS[segment.kind[n]][1];
    const date = day ? `${Math.floor(day / 372)}年${Math.floor(day / 31) % 12 + 1}月${day % 31 + 1}日` : "日期未注明";
    return h("li", { className: "card" }, h("p", { className: "meta" }, h("span", { className: "tag" }, kind), ` ${name} · ${date}`), h("h2", {}, name + kind));
  };

  const choose = (params, counts) => {
    for (const select of form.querySelectorAll("[data-facet]")) {
      const { name } = select, chosen = params.get(name) || "", byCount = /agency|topic/.test(name);
      const values = facets[name].values.map(({ key, label }, n) => ({ key, label, count: counts[name][n] }))
        .filter(({ key, count }) => count || key === chosen)
        .sort((a, b) => (byCount ? b.count - a.count : name === "year" ? (a.key < b.key) - (a.key > b.key) : name === "region" ? a.key - b.key : 0));
      select.replaceChildren(select.options[0], ...values.map(({ key, label, count }) => {
        const depth = name === "region" ? 2 - /00$/.test(key) - /0000$/.test(key) : 0;
        return h("option", { value: key }, `${"　".repeat(depth)}${label}（${count}）`);
      }));
      select.value = chosen;
    }
    box.hidden = false;
  };

  // Agencies by what their names have, or by the first letters of their syllables.
  const agenciesOf = async (words) => {
    const { values } = facets.agency, [first] = words;
    const found = first ? values.filter(({ folded }) => words.every((word) => folded.includes(word))) : [];
    if (found.length || !/^[a-z]{2,12}$/.test(words)) return found;
    const initials = await files.json("search/pinyin.json"), pattern = new RegExp(`^${[...first].join(".*")}`);
    return values.filter(({ key }) => pattern.test(initials[key]));
  };

  // What else could be asked where nothing was found, and how many notices that finds.
  const advise = async (params, { words, tokens }, wanted) => {
    const found = [];
    const attempt = async (label, changes) => {
      if (!wanted()) return;
      const other = new URLSearchParams(params);
      for (const name in changes) changes[name] ? other.set(name, changes[name]) : other.delete(name);
      const { hits } = await search(other);
      if (hits.length && found.length < 5) found.push(h("li", {}, h("a", { href: `?${other}` }, label), `（${hits.length} 份）`));
    };
    const but = (some) => tokens.filter((token) => !some(token)).map(({ source }) => source).join(" ");
    const word = (words[0] || "").slice(0, 20), used = [...Object.keys(facets), "notice"].filter((name) => params.get(name));
    if (used.length || tokens.some(({ filter }) => filter))
      await attempt("去掉筛选条件", { ...Object.fromEntries(used.map((name) => [name, ""])), q: but(({ filter }) => filter) });
    if (words.length > 1)
      for (const each of words) await attempt(`去掉“${each}”`, { q: but((token) => token.word === each) });
    else
      for (let size = word.length; --size > 1 && !found.length;)
        for (let at = 0; at + size <= word.length; at++) {
          const shorter = word.slice(at, at + size);
          await attempt(`只找“${shorter}”`, { q: `${shorter} ${but((token) => token.word)}`.trim() });
        }
    return found;
  };

  let turn = 0;
  const run = async (how) => {
    const mine = ++turn, params = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()).map(([name, value]) => [name, value.slice(0, form.q.maxLength)]));
    list.ariaBusy = true;
    if (how) history[how](null, "", `?${params}`);
    for (const element of [named, help]) element.replaceChildren();
    if (!`${params}`) {
      list.replaceChildren();
      message.textContent = "";
      more.hidden = true;
      list.ariaBusy = false;
      return;
    }
    try {
      const result = await search(params), { hits, counts, words, query } = result;
      if (mine !== turn) return;
      const simple = query === (params.get("q") || "") ? "" : `（按简体“${query}”查找）`;
      message.textContent = (hits.length ? `找到 ${hits.length} 份通报` : "没有找到") + simple;
      choose(params, counts);
      list.replaceChildren();
      const show = async () => {
        const next = hits.slice(list.children.length, list.children.length + PAGE), items = next.map(itemOf);
        list.append(...items);
        more.hidden = list.children.length >= hits.length;
        await Promise.all(items.map((item, n) => fill(item, next[n], query, words, params.get("notice")).catch(({ gone }) => {
          item.append(h("p", { className: "hint" }, gone ? "这份通报刚刚有变动，请重新搜索。" : "摘录没有取到，请检查网络。"));
        })));
        return items[0];
      };
      more.onclick = async () => (await show()).querySelector("a")?.focus();
      const wanted = () => mine === turn;
      const [agencies, advice] = await Promise.all([
        agenciesOf(words).catch(() => []), hits.length ? [] : advise(params, result, wanted).catch(() => []), show()]);
      if (mine !== turn) return;
      named.append(...agencies.slice(0, 5).map(({ key, label }) => h("li", {}, "单位：", link(`agencies/${key}/${files.index}`, label))));
      help.append(...advice);
    } catch (error) {
      console.error(error);
      if (mine === turn) message.textContent = "检索用的文件没有取到，请检查网络后再试，也可以用下面的目录。";
    }
    list.ariaBusy = false;
  };

  const restore = () => {
    const params = new URLSearchParams(location.search), { notice } = form.elements;
    for (const field of form.elements) {
      const value = params.get(field.name) || "";
      if (value && field.dataset.any && ![...field.options].some((option) => option.value === value))
        field.append(h("option", { value }, field === notice ? "这份通报" : value));
      field.value = value;
      if (field.selectedIndex < 0) field.selectedIndex = 0;
    }
    notice.parentNode.hidden = !notice.value;
    box.open = innerWidth > 700 || params.size > 1; // on a phone the first result comes first
    run();
  };

  if (!window.DecompressionStream) return; // and what stands in the place of the message stays
  let timer;
  const soon = ({ isComposing }) => {
    clearTimeout(timer);
    if (!isComposing) timer = setTimeout(run, 150, "replaceState");
  };
  form.q.addEventListener("input", soon);
  form.q.addEventListener("compositionend", () => soon({}));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    run("pushState");
  });
  form.addEventListener("change", ({ target }) => target !== form.q && run("pushState"));
  addEventListener("popstate", restore);
  Object.assign(gongshi, { search, facets });
  segments().catch(() => {}); // whoever opens this page is going to ask
  restore();
})();
