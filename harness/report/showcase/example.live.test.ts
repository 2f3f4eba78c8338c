/** The committed example, a real run with a planted defect, in a browser: what somebody who has never seen the tool can answer from it. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser } from "../../provision/test-browser.ts";
import { axe, openPage } from "../browser.ts";
import { readSuite } from "../read-suite.ts";
import { example } from "./draw.ts";

const start = await findBrowser();
/** A busy machine draws a chart late. */
const poll = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 10_000 });
const url = pathToFileURL(join(example, "report.html")).href;

describe.skipIf(start === null)("the committed example in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    if (start !== null) browser = await start();
  });
  afterAll(() => browser?.close());

  test.each([
    [390, "dark"],
    [768, "light"],
    [1280, "light"],
  ] as const)("every section renders from real data at %i px in %s, and axe finds nothing", async (width, colorScheme) => {
    await using opened = await openPage(browser, url, { width, colorScheme });
    const { page, heard } = opened;
    for (const id of ["_overview", "_claims", "_coverage", "_validity", "pause-a-queue-instance"])
      expect(await page.locator(`[id="${id}"]`).count(), id).toBe(1);
    await page.locator(".timeline").scrollIntoViewIfNeeded();
    await page.locator(".timeline canvas").nth(4).waitFor();
    expect(await page.locator(".chart-head h3").allInnerTexts()).toEqual(
      ["Throughput", "Errors", "Latency", "Backlog", "Connection pools"].map((title) => expect.stringContaining(title)),
    );
    expect(await page.locator(".recovery tbody tr").count()).toBe(2);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    expect(heard).toEqual([]);
    if (width !== 768) expect(await axe(page)).toEqual([]);
  });

  test("walk-through: what broke, when, by which fault, against which sentence of which document, and how to repeat it", async () => {
    const suite = await readSuite(example);
    const claim = suite.claims.find(({ verdict }) => verdict === "violated");
    const experiment = suite.experiments.find(({ claims }) => claims.some(({ verdict }) => verdict === "violated"));
    const first = experiment?.claims.flatMap(({ checks }) => checks).find(({ verdict }) => verdict === "violated")?.counterexamples[0];
    if (!claim || !experiment || !first) throw new Error("The example was expected to violate a claim, with a counterexample.");
    await using opened = await openPage(browser, url, { width: 1280 });
    const { page } = opened;

    // The first thing on the page says that something broke, and of what.
    expect(await seen(page, "h1")).toBe(`Claim ${claim.id} is violated`);
    const finding = page.locator(".finding").first();
    expect(await seen(page, ".finding blockquote")).toBe(claim.statement);
    expect(await seen(page, ".finding .eyebrow")).toContain(claim.document);
    const rows = Object.fromEntries((await finding.locator("dl > div").allInnerTexts()).map((text) => text.split(/\n+/, 2) as [string, string]));
    expect(rows["What happened"]).toContain(first.text);
    expect(rows.When).toMatch(/^\d+(\.\d+)? s into pause-a-queue-instance, .*pause of queue-\d/);
    expect(rows.Repeat).toContain(experiment.repeat);

    // One click shows it among the faults; the records of the very run are one look below.
    await finding.locator(".jump").click();
    await poll(() => seen(page, ".timeline .readout")).toMatch(new RegExp(`^${(first.time / 1000).toFixed(2).replace(/\.?0+$/, "")}`));
    await poll(() => page.locator(".timeline .mark").count()).toBeGreaterThan(0);
    const evidence = page.locator(".claim.violated .case").first();
    expect(await evidence.locator(".case-lane .lane-name").allInnerTexts()).toEqual(expect.arrayContaining(["faults", "audit trail"]));
    expect(await evidence.locator(".events .cited").count()).toBeGreaterThan(0);
    expect(await evidence.locator(".log li").count()).toBeGreaterThan(0);
  });
});

async function seen(page: Page, selector: string): Promise<string> {
  return ((await page.locator(selector).first().textContent()) ?? "").trim();
}
