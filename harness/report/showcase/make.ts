/**
 * `npm run example [-- RUN]`: makes reports/example and the README's picture of it. With a run's directory its records are taken over, trimmed; without one the page
 * is drawn anew from those that are there, as after every change of the page.
 */
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { exit, messageOf } from "../../base/errors.ts";
import { findBrowser } from "../../provision/test-browser.ts";
import { drawExample, example } from "./draw.ts";
import { trimRun } from "./trim.ts";

const [run] = process.argv.slice(2);
if (run !== undefined) {
  await trimRun(resolve(run), example).catch((error) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(exit.usage);
  });
}
const page = join(example, "report.html");
await writeFile(page, await drawExample());
process.stdout.write(`${page}\n`);
const start = await findBrowser();
if (start !== null) {
  await using browser = await start();
  const opened = await browser.newPage({ viewport: { width: 1280, height: 940 } });
  await opened.goto(pathToFileURL(page).href);
  const picture = resolve(example, "../../docs/report.png");
  await opened.screenshot({ path: picture });
  process.stdout.write(`${picture}\n`);
}
