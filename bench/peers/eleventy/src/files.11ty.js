import { records } from "../derive.js";

const cell = (value) => {
  if (value === null || value === undefined) return "";
  const text = Array.isArray(value) && value.every((each) => typeof each === "string") ? value.join("；") : typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export default class {
  data() {
    const names = ["notices", "issues", "agencies"].flatMap((name) => [`${name}.json`, `${name}.csv`]);
    return { names, pagination: { data: "names", size: 1, alias: "name" }, permalink: ({ name }) => `/data/${name}`, eleventyImport: { collections: ["notices"] } };
  }

  render({ name }) {
    const [table, kind] = name.split(".");
    const rows = records[table]();
    if (kind === "json") return `[\n${rows.map((each) => JSON.stringify(each)).join(",\n")}\n]\n`;
    return [Object.keys(rows[0]).join(","), ...rows.map((each) => Object.values(each).map(cell).join(","))].join("\r\n");
  }
}
