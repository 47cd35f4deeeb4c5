// Where a site is read from a disk nothing can be fetched: scripts bring what the search page asks for.
"use strict";
if (location.protocol === "file:") {
  const waiting = {}, folder = new URL("../search/", document.currentScript.src).href;
  gongshi.take = (value) => waiting[document.currentScript.src](value);
  const load = (name) => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${folder}${name}.js`;
    waiting[script.src] = done;
    script.onerror = failed;
    document.head.append(script);
  });
  gongshi.files = {
    index: "index.html",
    manifest: () => load("manifest"),
    json: (path) => load(path.replace(/^.*\/|\.json$/g, "")),
    part: async (name) => new Blob([Uint8Array.from(atob(await load(name)), (char) => char.charCodeAt())]).stream(),
    page: async (_, name) => {
      const [title, all] = await load(name);
      return { title, passages: all.map(([anchor, text, heading]) => ({ anchor, text, heading })) };
    },
  };
}
