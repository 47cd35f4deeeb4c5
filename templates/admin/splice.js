// A content file ↔ the values of a form, so that saving changes what was edited and no other byte.
//
// `read` gives the form's values and keeps the text they came from; `write` compares the values with that text and
// replaces, adds and takes out only what differs. What is new is written as `gongshi/importer/write.py` writes it.
//
// A field says by its `kind` what it holds: line, prose and flag (one scalar), lines and several (a list of scalars),
// part and one (a mapping; `one` may be missing, and the form shows it as a list of at most one), many (a list of
// mappings), flat (the mappings that lie at the ends of `paths`, which can be edited but neither added nor taken out).
// Between form and file stands the plain value: text, lists and objects, and nothing that is empty.

import { isMap, isScalar, isSeq, parseDocument } from './yaml/index.js';

const BROKEN = '（这个文件有语法错误）';
const SOURCE = '_source'; // the text that a form's values came from, among them
const MAX_INLINE_PROSE = 60;
const MAX_FLOW = 90;
const STEP = 2;

export function read(text, fields) {
  let root;
  try {
    root = parse(plainLines(text));
  } catch {
    return { title: BROKEN, name: BROKEN, [SOURCE]: text }; // `write` says what is wrong
  }
  const values = toForm(partOf(root, fields), fields);
  for (const field of fields.filter(f => f.kind === 'flat')) {
    values[field.name] = ends(root, field.paths).map(end => {
      const shown = field.shown.map(name => ({ name, kind: 'line' }));
      return { ...toForm(partOf(end, shown), shown), ...toForm(partOf(end, field.fields), field.fields) };
    });
  }
  return { ...values, [SOURCE]: text };
}

export function write(values, fields, head) {
  const wanted = fromForm(values, fields);
  const source = values[SOURCE];
  const text = source && plainLines(source);
  if (text === undefined && !head) throw new Error('没有读到原来的文件，没有保存；请返回列表，重新打开');
  if (text === undefined) return [...head, ...keyLines(wanted, fields, 0), ''].join('\n');
  const editor = new Editor(text);
  const root = parse(text);
  editor.map(root, normal(partOf(root, fields), fields), wanted, fields);
  for (const field of fields.filter(f => f.kind === 'flat')) {
    const edited = values[field.name] || [];
    ends(root, field.paths).forEach((end, n) => {
      const before = normal(partOf(end, field.fields), field.fields);
      if (edited[n]) editor.map(end, before, fromForm(edited[n], field.fields), field.fields, field.order);
    });
  }
  const result = likeIn(source, editor.text());
  if (!same(content(read(result, fields), fields), content(values, fields))) {
    throw new Error('表单没有把修改写对，文件没有动；请改用文本编辑器，并把这份通报的编号告诉网站管理员');
  }
  return result;
}

// All that a form says, to see whether what was written says the same.
function content(values, fields) {
  const flat = fields.filter(f => f.kind === 'flat').map(f => (values[f.name] || []).map(item => fromForm(item, f.fields)));
  return [fromForm(values, fields), flat];
}

// ---- the file

// Files of Windows: a mark at the beginning, and line ends of two characters. What is put in gets them, too.
const marked = text => text.startsWith('\ufeff');
const twoEnds = text => /\r\n/.test(text) && !/[^\r]\n/.test(text);

function plainLines(text) {
  const bare = marked(text) ? text.slice(1) : text;
  return twoEnds(text) ? bare.replaceAll('\r\n', '\n') : bare;
}

function likeIn(source, text) {
  return (marked(source) ? '\ufeff' : '') + (twoEnds(source) ? text.replaceAll('\n', '\r\n') : text);
}

function parse(text) {
  const document = parseDocument(text, { schema: 'failsafe', keepSourceTokens: true, logLevel: 'silent' });
  if (document.errors.length || !isMap(document.contents)) {
    const line = document.errors[0]?.linePos?.[0].line;
    throw new Error(`这个文件${line ? `第 ${line} 行` : ''}不是正确的 YAML，不能用表单修改；请先运行 check 改正`);
  }
  return document.contents;
}

const pairOf = (map, name) => map.items.find(pair => pair.key?.value === name);

function blank(node) {
  return !node || (isScalar(node) && node.type === 'PLAIN' && ['', '~', 'null', 'Null', 'NULL'].includes(node.value));
}

function ends(node, paths) {
  const found = [];
  const walk = (here, steps) => {
    if (!steps.length) found.push(here);
    const value = steps.length && isMap(here) ? pairOf(here, steps[0])?.value : null;
    if (isSeq(value)) value.items.filter(isMap).forEach(item => walk(item, steps.slice(1)));
  };
  paths.forEach(path => walk(node, path));
  return found.sort((a, b) => a.range[0] - b.range[0]);
}

// ---- plain values: from the file, from the form, to the form

function partOf(node, fields) {
  if (!isMap(node)) {
    const short = fields.find(f => f.short);
    return short && isScalar(node) && !blank(node) ? { [short.name]: node.value.trim() } : {};
  }
  return filled(fields, field => valueOf(pairOf(node, field.name)?.value, field));
}

function valueOf(node, field) {
  if (blank(node) || field.kind === 'flat') return undefined;
  if (field.kind === 'part' || field.kind === 'one') return partOf(node, field.fields);
  if (!isSeq(node)) return isScalar(node) ? node.value.trim() : undefined;
  if (field.kind === 'many') return node.items.map(item => partOf(item, field.fields));
  return node.items.map(item => (isScalar(item) ? item.value.trim() : ''));
}

function filled(fields, value) {
  const pairs = fields.map(field => [field.name, value(field)]);
  return Object.fromEntries(pairs.filter(([, held]) => !empty(held)));
}

const empty = value => value === undefined || value === '' || (typeof value === 'object' && !Object.keys(value).length);

function fromForm(values, fields) {
  return filled(fields, field => {
    const held = values[field.name];
    const text = String(held ?? '').replace(/\r\n?/g, '\n').trim();
    switch (field.kind) {
      case 'flat': return undefined;
      case 'flag': return text === 'true' ? 'true' : undefined;
      case 'lines': return text.split('\n').map(line => line.trim()).filter(Boolean);
      case 'several': return [...(held || [])];
      case 'part': return fromForm(held || {}, field.fields);
      case 'one': return held?.length ? fromForm(held[0], field.fields) : undefined;
      case 'many': return (held || []).map(item => fromForm(item, field.fields)).filter(item => !empty(item));
      case 'prose': return text;
      default: return (field.widget === 'file' ? text.replace(/^.*\//, '') : text).replace(/\s*\n\s*/g, ' ');
    }
  });
}

function toForm(part, fields) {
  return filled(fields, field => {
    const held = part[field.name];
    if (held === undefined) return undefined;
    switch (field.kind) {
      case 'flag': return held === 'true';
      case 'lines': return Array.isArray(held) ? held.join('\n') : held;
      case 'several': return Array.isArray(held) ? held : [held];
      case 'part': return toForm(held, field.fields);
      case 'one': return empty(held) ? undefined : [toForm(held, field.fields)];
      case 'many': return Array.isArray(held) ? held.map(item => toForm(item, field.fields)) : undefined;
      default: return held;
    }
  });
}

// What a form gives back that nobody touched: the text stands for itself wherever it comes to the same.
const normal = (part, fields) => fromForm(toForm(part, fields), fields);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// ---- edits

class Editor {
  constructor(source) {
    this.source = source.endsWith('\n') ? source : `${source}\n`;
    this.edits = [];
  }

  text() {
    let [done, at] = ['', 0];
    for (const { start, end, put } of this.edits.sort((a, b) => a.start - b.start || a.end - b.end)) {
      done += this.source.slice(at, start) + put;
      at = end;
    }
    return done + this.source.slice(at);
  }

  replace(start, end, put) { this.edits.push({ start, end, put }); }
  lineStart(at) { return this.source.lastIndexOf('\n', at - 1) + 1; }
  lineEnd(at) { return this.source.indexOf('\n', at); }
  column(at) { return at - this.lineStart(at); }
  slice(node) { return this.source.slice(node.range[0], node.range[1]); }

  // Where the last character of a node is, without the empty lines and comments below it.
  end(node) {
    const last = node.items?.at(-1);
    if (node.flow || !last) {
      const text = this.slice(node);
      return node.range[0] + (node.type?.startsWith('BLOCK') ? text.trimEnd() : text).length;
    }
    return isSeq(node) ? this.end(last) : this.pairEnd(last);
  }

  pairEnd(pair) {
    return blank(pair.value) && !pair.value?.source ? this.colon(pair) : this.end(pair.value);
  }

  colon(pair) {
    const mark = pair.srcToken.sep.find(token => token.type === 'map-value-ind');
    return mark.offset + 1;
  }

  // A mapping: its fields, of which others may stand beside.
  map(node, base, wanted, fields, order = fields.map(f => f.name)) {
    if (same(base, wanted)) return;
    if (node.flow) return this.replace(node.range[0], node.range[1], this.flow(node, base, wanted, { kind: 'part', fields }));
    const changed = fields.filter(f => !same(base[f.name], wanted[f.name]));
    const gone = new Set();
    const added = [];
    for (const field of changed) {
      const pair = pairOf(node, field.name);
      const [before, after] = [base[field.name], wanted[field.name]];
      if (!pair) added.push(field);
      else if (after === undefined) gone.add(pair);
      else if (before === undefined) this.pair(pair, after, field);
      else this.value(pair, pair.value, before, after, field);
    }
    const top = node.items[0].key.range[0];
    const column = this.column(top);
    const first = node.items.findIndex(pair => !gone.has(pair));
    if (first < 0) {
      const lines = keyLines(wanted, fields, column).join('\n').trimStart();
      return this.replace(top, this.end(node), lines);
    }
    const dashed = this.source.slice(this.lineStart(top), top).trim() !== '';
    if (dashed && first) { // the dash stays, with what comes next behind it
      const below = this.lineEnd(this.pairEnd(node.items[first - 1])) + 1;
      this.replace(top, below + this.source.slice(below).search(/[^ ]/), '');
    }
    for (const pair of gone) {
      if (dashed && node.items.indexOf(pair) < first) continue;
      this.replace(this.lineStart(pair.key.range[0]), this.lineEnd(this.pairEnd(pair)) + 1, '');
    }
    this.add(node, added.map(f => [f, wanted[f.name]]), order, gone, column);
  }

  // New keys, each behind those that come before it in the order of the model.
  add(node, added, order, gone, column) {
    for (const [field, held] of added) {
      const lines = pairLines(`${' '.repeat(column)}${field.name}:`, held, field, column).join('\n');
      const before = order.slice(0, order.indexOf(field.name)).map(name => pairOf(node, name));
      const above = before.filter(pair => pair && !gone.has(pair)).sort((a, b) => a.key.range[0] - b.key.range[0]).at(-1);
      if (above) {
        const at = this.lineEnd(this.pairEnd(above)) + 1;
        this.replace(at, at, `${lines}\n`);
      } else {
        const top = node.items.find(pair => !gone.has(pair)).key.range[0];
        this.replace(top, top, `${lines.trimStart()}\n${' '.repeat(column)}`);
      }
    }
  }

  // A whole key with its value, written anew.
  pair(pair, held, field) {
    const column = this.column(pair.key.range[0]);
    const lines = pairLines(`${field.name}:`, held, field, column);
    this.put(pair.key.range[0], this.pairEnd(pair), lines, column);
  }

  // Lines in the place of others; a comment behind these goes above, lest it become part of a text.
  put(start, end, lines, column) {
    const rest = this.source.slice(end, this.lineEnd(end));
    if (lines.length > 1 && rest.trim()) {
      lines = [rest.trim(), `${' '.repeat(column)}${lines[0]}`, ...lines.slice(1)];
      end = this.lineEnd(end);
    }
    this.replace(start, end, lines.join('\n'));
  }

  value(pair, node, before, after, field) {
    if (['line', 'prose', 'flag'].includes(field.kind)) return this.scalar(pair, node, after, field);
    if (node.flow) return this.replace(node.range[0], node.range[1], this.flow(node, before, after, field));
    if (isMap(node) && !Array.isArray(after)) return this.map(node, before, after, field.fields);
    if (isSeq(node) && Array.isArray(after) && node.items.length === before.length) {
      return this.list(node, before, after, field);
    }
    return this.pair(pair, after, field);
  }

  scalar(pair, node, after, field) {
    if (!isScalar(node)) return this.pair(pair, after, field);
    if (node.type === 'BLOCK_LITERAL' && this.block(node, after)) return undefined;
    const column = this.column(pair.key.range[0]);
    const [first, ...more] = scalarLines(`${field.name}:`, after, field, column, { quote: quoteOf(node) });
    const lines = [first.slice(field.name.length + 2), ...more];
    return this.put(node.range[0], this.end(node), lines, column);
  }

  // A text below a `|`, of which only the lines that differ are written.
  block(node, after) {
    const start = this.lineEnd(node.range[0]) + 1;
    const end = this.end(node);
    const old = this.source.slice(start, end).split('\n');
    const pad = /^ */.exec(old.find(line => line.trim()) ?? '')[0];
    const lines = after.split('\n').map(line => (line ? pad + line : ''));
    const header = this.source.slice(node.range[0], start);
    if (start > end || !pad || /\d/.test(header.split('#')[0])) return false;
    const read = line => line.slice(pad.length);
    let top = 0;
    while (top < old.length && top < lines.length && read(old[top]) === read(lines[top])) top += 1;
    let bottom = 0;
    while (bottom < old.length - top && bottom < lines.length - top
      && read(old.at(-1 - bottom)) === read(lines.at(-1 - bottom))) bottom += 1;
    const kept = [...old.slice(0, top), ...lines.slice(top, lines.length - bottom), ...old.slice(old.length - bottom)];
    this.replace(start, end, kept.join('\n'));
    return true;
  }

  list(node, before, after, field) {
    const dashes = node.srcToken.items.map(item => item.start.find(token => token.type === 'seq-item-ind')?.offset);
    const column = this.column(dashes[0]);
    const pad = ' '.repeat(column);
    const lineOf = n => [this.lineStart(dashes[n]), this.lineEnd(this.itemEnd(node, n, dashes)) + 1];
    const steps = align(before, after);
    const kept = new Set(steps.filter(([, n]) => n !== null).map(([m]) => m));
    let at = this.lineStart(dashes[0]);
    for (const [m, n] of steps) {
      if (m === null) {
        const moved = before.findIndex((held, k) => !kept.has(k) && same(held, after[n]));
        const text = moved < 0 ? `${itemLines(`${pad}-`, after[n], field, column).join('\n')}\n` : this.source.slice(...lineOf(moved));
        this.replace(at, at, text);
        continue;
      }
      const [start, end] = lineOf(m);
      if (n === null) this.replace(start, end, '');
      else if (!same(before[m], after[n])) this.item(node.items[m], before[m], after[n], field, dashes[m]);
      at = end;
    }
  }

  itemEnd(node, n, dashes) {
    const item = node.items[n];
    return blank(item) && !item?.source ? dashes[n] + 1 : this.end(item);
  }

  item(node, before, after, field, dash) {
    const column = this.column(dash);
    if (isMap(node)) return this.map(node, before, after, field.fields);
    const lines = itemLines('-', after, field, column, { quote: quoteOf(node), was: this.shorthand(node, before) });
    return this.put(dash, isScalar(node) && !node.source ? dash + 1 : this.end(node), lines, column);
  }

  // The text of a one-line scalar as it stands, for where it stays what it is behind a key of its own.
  shorthand(node, before) {
    const text = this.slice(node);
    return text.includes('\n') || typeof before !== 'object' ? undefined : { value: Object.values(before)[0], text };
  }

  // What stands between brackets, with the unchanged parts as they are.
  flow(node, before, after, field) {
    if (same(before, after)) return this.slice(node);
    const parts = ['part', 'one', 'many'].includes(field.kind) ? field.fields : null;
    if (Array.isArray(after)) {
      const one = parts ? { kind: 'part', fields: parts } : { kind: 'line' };
      const known = isSeq(node) && Array.isArray(before) && node.items.length === before.length;
      const steps = known ? align(before, after) : after.map((_, n) => [null, n]);
      const items = steps.filter(([, n]) => n !== null)
        .map(([m, n]) => (m === null ? flowText(after[n], one) : this.flow(node.items[m], before[m], after[n], one)));
      return `[${items.join(', ')}]`;
    }
    if (!isMap(node) || typeof after !== 'object') {
      return flowText(after, field, typeof after === 'object' ? undefined : quoteOf(node));
    }
    const pieces = [];
    for (const pair of node.items) {
      const sub = parts.find(f => f.name === pair.key.value);
      const [old, held] = [before[sub?.name], after[sub?.name]];
      const start = pair.key.range[0];
      if (!sub || same(old, held)) pieces.push([sub, this.source.slice(start, this.pairEnd(pair))]);
      else if (held !== undefined) {
        const text = old === undefined ? flowText(held, sub) : this.flow(pair.value, old, held, sub);
        pieces.push([sub, `${sub.name}: ${text}`]);
      }
    }
    for (const sub of parts.filter(f => after[f.name] !== undefined && !pairOf(node, f.name))) {
      const behind = pieces.findLastIndex(([other]) => other && parts.indexOf(other) < parts.indexOf(sub));
      pieces.splice(behind + 1, 0, [sub, `${sub.name}: ${flowText(after[sub.name], sub)}`]);
    }
    return `{${pieces.map(([, text]) => text).join(', ')}}`;
  }
}

// Which item became which, as pairs of places; null where one is gone or new. Equal ones first, then those that go by
// the same id, title or first word, then those in the same place.
function align(before, after) {
  const [old, now] = [before, after].map(items => items.map(item => [JSON.stringify(item), named(item)]));
  const score = (m, n) => (old[m][0] === now[n][0] ? 8 : old[m][1] !== undefined && old[m][1] === now[n][1] ? 4 : 1);
  const best = Array.from({ length: before.length + 1 }, () => new Array(after.length + 1).fill(0));
  for (let m = before.length - 1; m >= 0; m -= 1) {
    for (let n = after.length - 1; n >= 0; n -= 1) {
      best[m][n] = Math.max(best[m + 1][n], best[m][n + 1], best[m + 1][n + 1] + score(m, n));
    }
  }
  const steps = [];
  let [m, n] = [0, 0];
  while (m < before.length || n < after.length) {
    if (m === before.length) steps.push([null, n++]);
    else if (n === after.length) steps.push([m++, null]);
    else if (best[m][n] === best[m + 1][n + 1] + score(m, n)) steps.push([m++, n++]);
    else if (best[m][n] === best[m + 1][n]) steps.push([m++, null]);
    else steps.push([null, n++]);
  }
  return steps;
}

function named(item) {
  return typeof item === 'string' ? undefined : item.id ?? item.title ?? item.number ?? item.date ?? item.text;
}

// ---- the house's way of writing (gongshi/importer/write.py)

const UNSAFE = /^[-?:,[\]{}#&*!|>'"%@`\s]|:\s|\s#|[:\s]$|^$/;
const UNSAFE_IN_FLOW = /[,[\]{}?]/;
const LIKE_A_KEY = /^[A-Za-z_]+(?:：|:[^\x00-\x7f]|:['"\d])/;
const NO_TEXT_ELSEWHERE = new RegExp(
  '^(?:[-+]?(?:\\.\\d+|\\d+\\.?\\d*)(?:[eE][-+]?\\d+)?|0o[0-7]+|0x[0-9a-fA-F]+'
    + '|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN))$',
);

const typed = (text, field) => (field.number && /^\d+(?:\.\d+)?$/.test(text)) || field.kind === 'flag';
const plain = (text, field) => typed(text, field) || (!UNSAFE.test(text) && !NO_TEXT_ELSEWHERE.test(text));
const quoteOf = node => ({ QUOTE_SINGLE: "'", QUOTE_DOUBLE: '"' })[node?.type];

function quoted(text, quote) {
  if (text.includes('\n')) return JSON.stringify(text);
  return quote === '"' && !/["\\]/.test(text) ? `"${text}"` : `'${text.replaceAll("'", "''")}'`;
}

function keyLines(part, fields, column) {
  const pad = ' '.repeat(column);
  return fields.filter(f => part[f.name] !== undefined).flatMap(f => pairLines(`${pad}${f.name}:`, part[f.name], f, column));
}

// A value behind `lead`, a key that stands at `column`.
function pairLines(lead, held, field, column) {
  const inner = column + STEP;
  if (typeof held === 'string') return scalarLines(lead, held, field, column);
  const flow = flowLine(held, field);
  if (flow !== null) return [`${lead} ${flow}`];
  if (!Array.isArray(held)) return [lead, ...keyLines(held, field.fields, inner)];
  return [lead, ...held.flatMap(item => itemLines(`${' '.repeat(inner)}-`, item, field, inner))];
}

// An item of a list behind `lead`, a dash that stands at `column`.
function itemLines(lead, held, field, column, known = {}) {
  if (typeof held === 'string') return scalarLines(lead, held, { kind: 'line' }, column, { ...known, item: true });
  const short = field.fields.find(f => f.short);
  if (short && same(Object.keys(held), [short.name])) {
    return scalarLines(lead, held[short.name], short, column, { ...known, item: true });
  }
  const flow = flowLine(held, { kind: 'part', fields: field.fields });
  if (flow !== null) return [`${lead} ${flow}`];
  const lines = known.was && known.was.value === held[short?.name]
    ? [`${' '.repeat(column + STEP)}${short.name}: ${known.was.text}`,
      ...keyLines({ ...held, [short.name]: undefined }, field.fields, column + STEP)]
    : keyLines(held, field.fields, column + STEP);
  return [`${lead} ${lines[0].trimStart()}`, ...lines.slice(1)];
}

function scalarLines(lead, text, field, column, { item = false, quote } = {}) {
  const safe = !quote && plain(text, field) && !(item && LIKE_A_KEY.test(text));
  const long = field.kind === 'prose' && (text.length > MAX_INLINE_PROSE || !safe) && !quote;
  if (!text.includes('\n') && !long) return [`${lead} ${safe ? text : quoted(text, quote)}`];
  const pad = ' '.repeat(column + STEP);
  return [`${lead} |`, ...text.split('\n').map(line => (line ? pad + line : ''))];
}

// A new value on one line; null if the house gives it several.
function flowLine(held, field) {
  const prose = !Array.isArray(held) && field.fields.some(f => f.kind === 'prose' && held[f.name] !== undefined);
  const deep = !Array.isArray(held)
    && field.fields.some(f => f.kind === 'many' || (['part', 'one'].includes(f.kind) && held[f.name] !== undefined));
  if (prose || deep || (Array.isArray(held) && typeof held[0] === 'object')) return null;
  const texts = Object.values(held).flat();
  if (texts.some(text => UNSAFE.test(text) || UNSAFE_IN_FLOW.test(text) || text.includes('\n'))) return null;
  const line = flowText(held, field);
  return line.length > MAX_FLOW ? null : line;
}

function flowText(held, field, quote) {
  if (Array.isArray(held)) {
    const one = field.fields ? { kind: 'part', fields: field.fields } : { kind: 'line' };
    return `[${held.map(item => flowText(item, one)).join(', ')}]`;
  }
  if (typeof held === 'object') {
    const given = field.fields.filter(f => held[f.name] !== undefined);
    return `{${given.map(f => `${f.name}: ${flowText(held[f.name], f)}`).join(', ')}}`;
  }
  const safe = !quote && plain(held, field) && !UNSAFE_IN_FLOW.test(held) && !held.includes('\n');
  return safe ? held : quoted(held, quote);
}
