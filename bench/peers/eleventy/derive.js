// What the pages show: rows of notices, sums, the ledger by month, and the view of one notice.
import { readFileSync, statSync } from "node:fs";
import MarkdownIt from "markdown-it";

const read = (name) => JSON.parse(readFileSync(new URL(`./data/${name}.json`, import.meta.url), "utf8"));
export const site = read("site");
export const regions = read("regions");
export const agencies = read("agencies");
export const tables = read("tables");
const numerals = read("numerals");

export const BUCKETS = ["open", "unstated", "ongoing", "done"];
export const BASE = "https://bench.example";
export const kinds = { rectification: "整改通报", plan: "方案", announcement: "公告" };
const TODAY = "2026-01-01";
const TOTALS = { aspects: "方面", issues: "问题", issues_done: "已完成的问题", measures: "整改措施" };
export const words = { status: "整改进度", measures: "整改措施", cause: "原因分析", lead: "牵头部门", units: "责任部门", due: "整改时限" };
export const states = { past: "已结束", now: "进行中", ahead: "未开始" };
const NOTICES_A_PAGE = 50;
const ISSUES_A_PAGE = 100;
const LONG = 16;
const WORDINGS = {};
for (const [bucket, entry] of Object.entries(site.statuses)) for (const wording of entry.wordings ?? []) WORDINGS[wording] = bucket;

export const bucketOf = (status) => (status ? WORDINGS[status] : "unstated");
export const label = (bucket) => site.statuses[bucket].label;
const markdown = new MarkdownIt();

export function prose(text, lead = "", kind = "number") {
  let html = markdown.render(text);
  if (html.includes("<table>"))
    html = html.replaceAll("<table>", '<div class="scroll" role="group" tabindex="0" aria-label="表格"><table>').replaceAll("</table>", "</table></div>");
  if (!lead) return html;
  const span = `<p><span class="${kind}">${lead}</span>`;
  return html.startsWith("<p>") ? span + html.slice(3) : `${span}</p>${html}`;
}

export function chinese(date) {
  const [year, month, day] = date.split("-");
  return `${year}年${month ? `${+month}月` : ""}${day ? `${+day}日` : ""}`;
}
export const deadline = (date) => chinese(date) + (date.length === 10 ? "前" : "底前");

export function span({ start, end }) {
  if (start === end) return chinese(start);
  let text = chinese(end);
  if (start.slice(0, 4) === end.slice(0, 4)) {
    text = text.slice(5);
    if (start.length === 10 && end.length === 10 && start.slice(0, 7) === end.slice(0, 7)) text = text.slice(text.indexOf("月") + 1);
  }
  return `${chinese(start)}至${text}`;
}

function printed(style, n) {
  if (!style) return "";
  if (style.includes("一")) return style.replace("一", numerals.chinese[n]);
  return style.includes("1") ? style.replace("1", n) : style.replace("①", numerals.circled[n]);
}

export const tel = (number) => (number.startsWith("0") ? `tel:+86${number.replace("-", "").slice(1)}` : `tel:+86999${number}`);
export const local = (number) => !number.startsWith("0");

export const tally = () => ({ open: 0, unstated: 0, ongoing: 0, done: 0, total: 0 });
const count = (sum, bucket, by = 1) => {
  sum[bucket] += by;
  sum.total += by;
};

export function shares(sum) {
  const found = [];
  let before = 0;
  for (const bucket of ["done", "ongoing", "unstated", "open"]) {
    if (!sum[bucket]) continue;
    found.push({ bucket, count: sum[bucket], start: ((100 * before) / sum.total).toFixed(2), width: ((100 * sum[bucket]) / sum.total).toFixed(2) });
    before += sum[bucket];
  }
  return found;
}
export const tallyWords = (sum) => shares(sum).map((share) => `${label(share.bucket)} ${share.count} 个`).join("，");

function* issuesOf(sections) {
  for (const section of sections)
    for (const aspect of section.aspects ?? [])
      for (const part of aspect.groups ?? [aspect])
        for (const issue of part.issues) yield [issue, aspect.title, aspect.groups ? part.title : null];
}

function row(item) {
  const { data, fileSlug: id } = item;
  const issues = [];
  const sum = tally();
  let measures = 0;
  for (const [issue, aspect, group] of issuesOf(data.sections)) {
    const bucket = bucketOf(issue.status);
    count(sum, bucket);
    measures += issue.measures.length;
    issues.push({ notice: id, id: issue.id, ordinal: issues.length + 1, title: issue.title, status: issue.status ?? null, bucket, current: true,
      measures: issue.measures.length, due: issue.due ?? null, aspect, group, lead: issue.lead ?? [], units: issue.units ?? [],
      cause: Boolean(issue.cause), continues: issue.continues ?? null, path: `/notices/${id}/#issue-${issue.id}` });
  }
  const phases = data.sections.flatMap((section) => section.phases ?? []);
  return { id, path: `/notices/${id}/`, title: data.title, kind: data.kind, agency: data.agency, date: data.published, dated: chinese(data.published),
    issues, measures, phases, tally: sum, data, totals: totals(data.declared, issues, measures, data.sections.flatMap((section) => section.aspects ?? []).length) };
}

function totals(declared, issues, measures, aspects) {
  return Object.keys(TOTALS).filter((key) => declared?.[key] !== undefined).map((key) => {
    const value = Number(declared[key]);
    const all = issues.some((issue) => issue.bucket === "unstated") ? null : issues.filter((issue) => issue.bucket === "done").length;
    const counted = { aspects, issues: issues.length, measures, issues_done: all }[key];
    return { key, name: TOTALS[key], declared: value, counted, gap: counted === null ? 0 : Math.abs(counted - value) };
  });
}

export const above = (code) => [...new Set([`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code])];
export const wholeName = (code) => above(code).map((each) => regions[each]).join("");

// Everything that is known of all notices together; made anew for each build. Of a class, since Eleventy copies plain objects.
class Index {}
export const index = new Index();

export function makeIndex(items) {
  const rows = items.map(row).sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : a.id < b.id ? 1 : -1));
  const taken = new Set(rows.flatMap((each) => each.issues.map((issue) => issue.continues)).filter(Boolean));
  Object.assign(index, { rows, byId: {}, agencies: {}, regions: {}, years: {}, months: {}, tally: tally() });
  for (const [id, agency] of Object.entries(agencies)) index.agencies[id] = { id, agency, notices: [], tally: tally() };
  for (const [id, own] of Object.entries(index.agencies))
    for (const code of above(own.agency.region)) {
      index.regions[code] ??= { code, own: [], notices: [], tally: tally() };
      if (code === own.agency.region) index.regions[code].own.push(index.agencies[id]);
    }
  for (const each of rows) {
    index.byId[each.id] = each;
    const agency = index.agencies[each.agency];
    const places = above(agency.agency.region).map((code) => index.regions[code]);
    for (const place of [agency, ...places]) place.notices.push(each);
    (index.years[each.date.slice(0, 4)] ??= []).push(each);
    const month = (index.months[each.date.slice(0, 7)] ??= { open: [], unstated: [], ongoing: [], done: [] });
    for (const issue of each.issues) {
      issue.current = !taken.has(`${each.id}#issue-${issue.id}`);
      if (!issue.current) continue;
      month[issue.bucket].push(issue);
      for (const place of [agency, ...places, index]) count(place.tally, issue.bucket);
    }
  }
  return rows;
}

export const newestFirst = (things) => Object.keys(things).sort().reverse();
export const yearsOf = () => newestFirst(index.years).map((year) => [year, index.years[year].length]);
export const topRegions = () => Object.values(index.regions).filter((region) => region.code.endsWith("0000"));
export const regionsWithAgencies = () => Object.values(index.regions).filter((region) => region.own.length);
export const busy = () => Object.values(index.agencies).filter((each) => each.tally.total).sort((a, b) => b.tally.total - a.tally.total).slice(0, 12);
export const below = (code) => Object.values(index.regions).filter((each) => above(each.code).at(-2) === code && each.code !== code);

export function firstIssues(rows, most = 100, buckets = BUCKETS) {
  const found = [];
  for (const bucket of buckets)
    for (const each of rows) {
      if (found.length >= most) return found;
      if (each.tally[bucket]) for (const issue of each.issues) if (issue.current && issue.bucket === bucket && found.length < most) found.push(issue);
    }
  return found;
}

const pagesOf = (length, size) => Math.ceil(length / size);
export function yearPages() {
  const found = [];
  for (const year of newestFirst(index.years)) {
    const pages = pagesOf(index.years[year].length, NOTICES_A_PAGE);
    for (let number = 1; number <= pages; number++) found.push({ year, number, count: pages, path: `/notices/${year}/` });
  }
  return found;
}
export function monthPages() {
  const found = [];
  for (const bucket of BUCKETS)
    if (index.tally[bucket] > ISSUES_A_PAGE)
      for (const month of newestFirst(index.months)) {
        const pages = pagesOf(index.months[month][bucket].length, ISSUES_A_PAGE);
        for (let number = 1; number <= pages; number++) found.push({ bucket, month, number, count: pages, path: `/issues/${bucket}/${month}/` });
      }
  return found;
}
export const monthsOf = (bucket) => newestFirst(index.months).map((month) => [month, index.months[month][bucket].length]).filter(([, n]) => n);
export const numbered = (path, number) => (number > 1 ? `${path}page-${number}/` : path);
export const pagerLinks = ({ number, count: pages }) =>
  [...new Set([1, number - 2, number - 1, number, number + 1, number + 2, pages])].filter((n) => n >= 1 && n <= pages).sort((a, b) => a - b);

export function state({ start, end }) {
  const last = end.length < 10 ? `${end}-99` : end;
  const first = start.length < 10 ? `${start}-01` : start;
  return last < TODAY ? "past" : first > TODAY ? "ahead" : "now";
}

function csv(text) {
  const cells = (line) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).slice(0, line.split(",").length).map((cell) => cell.replace(/,$/, "").replace(/^"|"$/g, "").replaceAll('""', '"'));
  return text.trimEnd().split("\n").map(cells);
}

// The page of one notice: its parts with printed numbers, anchors and levels.
export function view(id) {
  const known = index.byId[id];
  const { data } = known;
  const { numbering } = data;
  const n = { aspect: 0, group: 0, issue: 0 };
  const issueView = (issue, level) => {
    n.issue += 1;
    const anchor = `issue-${issue.id}`;
    const measures = issue.measures.map((measure, place) => {
      const full = typeof measure === "string" ? { text: measure } : measure;
      return { ...full, anchor: `${anchor}-measure-${place + 1}`, number: printed(numbering.measure, place + 1), bucket: full.status && bucketOf(full.status) };
    });
    return { issue, anchor, level, number: printed(numbering.issue, n.issue), bucket: known.issues[n.issue - 1].bucket, measures };
  };
  const sections = data.sections.map((section, s) => ({
    section,
    anchor: `section-${s + 1}`,
    number: printed(numbering.section, s + 1),
    aspects: (section.aspects ?? []).map((aspect, a) => {
      const own = (aspect.groups ?? [aspect]).flatMap((part) => part.issues);
      return {
        aspect,
        anchor: `aspect-${(n.aspect += 1)}`,
        number: printed(numbering.aspect, a + 1),
        totals: totals(aspect.declared, own.map((issue) => ({ bucket: bucketOf(issue.status) })), 0, 0),
        groups: (aspect.groups ?? []).map((group) => ({
          group,
          anchor: `group-${(n.group += 1)}`,
          number: printed(numbering.group, n.group),
          issues: group.issues.map((issue) => issueView(issue, 5)),
        })),
        issues: (aspect.issues ?? []).map((issue) => issueView(issue, 4)),
      };
    }),
    tasks: (section.tasks ?? []).map((task, t) => ({ task, anchor: `task-${t + 1}`, number: printed(numbering.task, t + 1) })),
    phases: (section.phases ?? []).map((phase, p) => ({ phase, anchor: `phase-${p + 1}`, number: printed(numbering.phase, p + 1), state: state(phase) })),
  }));
  const attachments = (data.attachments ?? []).map((attachment, place) => {
    const path = new URL(`./attachments/${id}/${attachment.file}`, import.meta.url);
    const { size } = statSync(path);
    return { attachment, anchor: `attachment-${place + 1}`, path: `/notices/${id}/${attachment.file}`, rows: csv(readFileSync(path, "utf8")),
      size: size < 1024 ? `${size} 字节` : `${Math.round(size / 1024)} KB` };
  });
  const tasks = data.sections.flatMap((section) => section.tasks ?? []).length;
  return { row: known, sections, attachments, tasks, long: known.issues.length > LONG, agency: index.agencies[data.agency] };
}

export function describe(id) {
  const known = index.byId[id];
  if (!known) return site.description;
  const found = known.issues.length ? `，${known.issues.length} 个问题：${tallyWords(known.tally)}` : "";
  return `${agencies[known.agency].name}${kinds[known.kind]}${found}。`;
}

const contactRecord = (contact) => ({
  phones: contact.phones.map((phone) => ({ number: phone.number, label: phone.label ?? null, tel: tel(phone.number) })),
  emails: contact.emails,
  address: contact.postal.address ?? null,
  recipient: contact.postal.recipient ?? null,
  hours: contact.hours ?? null,
});
const pairs = (known, key) => Object.fromEntries(known.map((total) => [total.key, total[key]]));

export const records = {
  notices: () => index.rows.map(({ data, ...each }) => ({
    id: each.id, kind: each.kind, title: each.title, agency: each.agency, published: each.date, text: data.text, inspection: data.inspection ?? null,
    declared: pairs(each.totals, "declared"), counted: pairs(each.totals, "counted"), published_counts: pairs(each.totals, "counted"),
    differences: each.totals.filter((total) => total.gap).map(({ key, declared, counted }) => ({ key, declared, counted })),
    signed: data.signed, contact: contactRecord(data.contact), phases: each.phases.map(({ title, start, end, deliverables }) => ({ title, start, end, deliverables })),
    url: BASE + each.path })),
  issues: () => index.rows.flatMap((each) => each.issues.map((issue) => ({
    id: `${each.id}#issue-${issue.id}`, notice: each.id, agency: each.agency, region: agencies[each.agency].region, published: each.date,
    aspect: issue.aspect, group: issue.group, no: issue.id, title: issue.title, status: issue.status, bucket: issue.bucket, changed: null,
    measures: issue.measures, has_cause: issue.cause, lead: issue.lead, units: issue.units, due: issue.due, continues: issue.continues, withheld: null,
    url: BASE + issue.path }))),
  agencies: () => Object.values(index.agencies).map(({ id, agency, notices, tally: sum }) => ({
    id, name: agency.name, party_body: agency.party_body, region: agency.region, region_name: wholeName(agency.region), sector: agency.sector,
    contact: contactRecord(agency.contact), notices: notices.length, issues: sum.total, done: sum.done, ongoing: sum.ongoing, open: sum.open,
    unstated: sum.unstated, url: `${BASE}/agencies/${id}/` })),
};
