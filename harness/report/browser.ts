/** Test helper: pages in a real Chromium that tell what they must never do. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";

export interface Opened extends AsyncDisposable {
  readonly page: Page;
  /** Messages on the console, errors, and requests to anything but the page itself. */
  readonly heard: string[];
}

export async function openPage(
  browser: Browser,
  address: string,
  options: { readonly width: number; readonly colorScheme?: "light" | "dark" },
): Promise<Opened> {
  const { width, colorScheme = "light" } = options;
  const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme, reducedMotion: "reduce" });
  page.setDefaultTimeout(10_000);
  const heard: string[] = [];
  page.on("console", (message) => heard.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== address.split("#")[0] && !request.url().startsWith("data:")) heard.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  return { page, heard, [Symbol.asyncDispose]: () => page.close() };
}

/** What axe finds wrong with the page as it is now, a line each: the rule and where. */
export async function axe(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const run = "axe.run(document, { resultTypes: ['violations'] })";
  const told = "violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ target }) => target.join(' ')).join(', '))";
  return page.evaluate<string[]>(`${run}.then(({ violations }) => ${told})`);
}
