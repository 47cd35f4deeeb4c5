// Debian's Firefox over WebDriver BiDi, which it speaks by itself: opens pages, evaluates expressions in them, and
// prints the answers. `node firefox.mjs` reads a list of [address, expression] from its input.
import puppeteer from "puppeteer-core";

const input = [];
for await (const piece of process.stdin) input.push(piece);
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.env.FIREFOX || "/usr/bin/firefox-esr",
  headless: true,
});
try {
  const page = await browser.newPage();
  const answers = [];
  for (const [address, expression] of JSON.parse(Buffer.concat(input))) {
    if (address) await page.goto(address);
    answers.push(await page.evaluate(expression));
  }
  console.log(JSON.stringify(answers));
} finally {
  await browser.close();
}
