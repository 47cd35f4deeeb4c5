// Reads and writes content files as the form does: node splice.mjs ADMIN; a line of JSON in, a line of JSON out.
import fs from 'node:fs';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';

const folder = process.argv[2];
const { read, write } = await import(pathToFileURL(`${folder}/splice.js`));
const { collections } = JSON.parse(fs.readFileSync(`${folder}/config.json`));

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { name, text, values } = JSON.parse(line);
  const collection = collections.find(each => each.name === name);
  const { fields } = collection.files?.[0] ?? collection;
  let answer;
  try {
    answer = values ? { text: write(values, fields, collection.head) } : { values: read(text, fields) };
  } catch (error) {
    answer = { error: String(error.stack) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
