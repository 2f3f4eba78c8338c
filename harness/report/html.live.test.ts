/** The page in a real Chromium, opened from disk: it asks nobody for anything, shows the claims, jumps to moments, and stays inert whatever the strings are. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operation } from "../checkers/fixtures.ts";
import { findBrowser } from "../provision/test-browser.ts";
import { axe, openPage } from "./browser.ts";
import { exampleSuite, writeExampleRun } from "./example-run.ts";
import { hostile, hostileSuite } from "./hostile.ts";
import { renderHistory } from "./html/history-page.ts";
import { renderJunit } from "./junit.ts";
import { writeReport } from "./write-report.ts";

const start = await findBrowser();
/** A busy machine draws a chart late. */
const poll = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 10_000 });

describe.skipIf(start === null)("the page in Chromium", () => {
  let directory = "";
  let browser: Browser;
  let url = "";

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "runproof-page-"));
    if (start !== null) browser = await start();
    await writeExampleRun(join(directory, "run"));
    url = pathToFileURL((await writeReport(join(directory, "run"))).html).href;
  });

  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const open = (address: string, options: Parameters<typeof openPage>[2]) => openPage(browser, address, options);

  test.each([
    [390, "light"],
    [768, "light"],
    [1280, "light"],
    [1280, "dark"],
  ] as const)("at %i px in %s: complete, quiet and never wider than the window", async (width, colorScheme) => {
    await using opened = await open(url, { width, colorScheme });
    const { page, heard } = opened;
    await page.locator(".timeline").first().scrollIntoViewIfNeeded();
    await page.locator(".timeline canvas").first().waitFor();
    expect(await page.locator("h1").textContent()).toBe("Claim HS-6 is violated");
    expect(await page.locator(".defect").textContent()).toContain("in-process-lock");
    expect(await page.locator(".matrix tbody tr").count()).toBe(exampleSuite().claims.length);
    expect(await page.locator(".finding").textContent()).toMatch(/14\.23 s into pause-a-lock-holder, while pause of queue-2 was biting/);
    expect(await page.locator(".timeline .fault").count()).toBe(3);
    expect(await page.locator(".experiment .coverage tbody tr").count()).toBe(4);
    expect(await page.locator(".coverage td:has(.too-few)").textContent()).toMatch(/14$/);
    expect(await page.locator("#_coverage .situations tbody td.number").allInnerTexts()).toEqual(["2"]);
    expect(await page.locator("#_coverage .never li").count()).toBe(1);
    expect(await page.locator(".glance .tile.violated").allInnerTexts()).toEqual([expect.stringContaining("HS-6")]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const shots = process.env.RUNPROOF_SCREENSHOTS ?? join(directory, "shots");
    await mkdir(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${width}-${colorScheme}.png`), fullPage: true });
    expect(heard).toEqual([]);
    // Last, because it puts itself into the page; the narrowest light and the widest dark one show what the others do.
    if ((width === 390) === (colorScheme === "light")) expect(await axe(page)).toEqual([]);
  });

  test("a violation is shown with its records as lanes and sentences, and with the logs around it", async () => {
    await using opened = await open(url, { width: 1280 });
    const shown = opened.page.locator(".claim.violated .case").first();
    expect(await shown.locator(".case-lane .lane-name").allInnerTexts()).toEqual(["faults", "queue-2", "queue-3", ""]);
    expect(await shown.locator(".bar.is-section.cited").allInnerTexts()).toEqual(["token 41", "token 42"]);
    const sentences = (await shown.locator(".events li").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
    expect(sentences).toEqual([
      expect.stringMatching(/^1 12 s faults pause of queue-2 requested/),
      expect.stringMatching(/^2 12.18 s faults pause of queue-2 seen biting: pid 4100 is stopped/),
      "3 13.1 s queue-2 token 41 entered (ledger 5120) cited",
      "4 14.23 s queue-3 token 42 entered (ledger 5133) cited",
      "5 15.042 s queue-2 token 41 left (ledger 5151)",
      "6 15.3 s queue-3 token 42 left (ledger 5160)",
      expect.stringMatching(/^7 16.9 s faults pause of queue-2 seen healed/),
    ]);
    await shown.locator(".logs summary").click();
    const log = (await shown.locator(".log").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
    expect(log[0]).toBe("queue-2 14.231 s info: lock acquired agent=a-17 14.9 s warn: lease could not be renewed agent=a-3");
    await shown.locator("figcaption .jump").click();
    await poll(() => opened.page.locator(".timeline[data-index='1'] .readout").textContent()).toContain("13.1 s");
    expect(opened.heard).toEqual([]);
  });

  test("a counterexample's time brings the timeline there; the link can be sent on", async () => {
    await using opened = await open(url, { width: 1280 });
    const { page, heard } = opened;
    await page.locator(".finding .jump").click();
    const readout = page.locator(".timeline[data-index='1'] .readout");
    await poll(() => readout.textContent()).toContain("14.23 s · pause queue-2");
    expect(page.url()).toMatch(/#pause-a-lock-holder\/HS-6@14\.230$/);
    expect(await page.locator(".claim.current").getAttribute("id")).toBe("pause-a-lock-holder/HS-6");

    await using sent = await open(page.url(), { width: 1280 });
    await poll(() => sent.page.locator(".timeline[data-index='1'] .readout").textContent()).toContain("14.23 s");
    expect([...heard, ...sent.heard]).toEqual([]);
  });

  test("the timeline obeys the keyboard, hover links the charts, dragging zooms all of them", async () => {
    await using opened = await open(`${url}#kill-a-queue-instance`, { width: 1280 });
    const { page, heard } = opened;
    const timeline = page.locator(".timeline").first();
    const readout = timeline.locator(".readout");
    await timeline.focus();
    // It is drawn when it comes into sight, and hears no key before.
    await timeline.locator("canvas").first().waitFor();
    await page.keyboard.press("ArrowRight");
    await poll(() => readout.textContent()).toMatch(/^20\.\d+ s$/);
    expect(await timeline.locator(".series-key b").allInnerTexts()).not.toContain("");
    await page.keyboard.press("+");
    expect(await timeline.locator(".fault").count()).toBeGreaterThan(0);
    await page.keyboard.press("0");

    const over = timeline.locator(".u-over").first();
    const box = await over.boundingBox();
    if (!box) throw new Error("The first chart has no box.");
    await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 5 });
    await page.mouse.up();
    await page.mouse.move(5, 5);
    await poll(() => readout.textContent()).toMatch(/^(9|10)\.\d+ s to (19|20)\.\d+ s$/);
    expect(await timeline.locator(".fault").count()).toBe(1);
    expect(heard).toEqual([]);
  });

  test("search and filters show only what is asked for, and the address says it to others", async () => {
    await using opened = await open(url, { width: 1280 });
    const visible = opened.page.locator(".matrix tbody tr:visible");
    await opened.page.locator(".filter.violated").click();
    await poll(() => visible.count()).toBe(1);
    await opened.page.locator(".filter.not-tried").click();
    await poll(() => visible.count()).toBe(3);
    expect(await opened.page.locator(".untried:visible summary").allInnerTexts()).toEqual([
      "1 claim: left out of this run",
      "1 claim: tested in the server",
    ]);
    expect(opened.page.url()).toMatch(/#\?verdict=violated%2Cnot-tried$/);
    await opened.page.locator(".filter.not-tried").click();
    await opened.page.keyboard.press("/");
    await opened.page.keyboard.type("LOCK serialises");
    await poll(() => opened.page.locator(".search output").textContent()).toBe("1 of 9 claims");
    expect(await opened.page.locator(".experiment:visible h2").allInnerTexts()).toEqual([expect.stringContaining("Pause the holder")]);

    await using sent = await open(opened.page.url(), { width: 1280 });
    await poll(() => sent.page.locator(".matrix tbody tr:visible").count()).toBe(1);
    await sent.page.locator("#_search").focus();
    await sent.page.keyboard.press("Escape");
    await poll(() => sent.page.locator(".experiment:visible").count()).toBe(1);
    expect([...opened.heard, ...sent.heard]).toEqual([]);
  });

  test("n goes to the violation", async () => {
    await using opened = await open(url, { width: 1280 });
    await opened.page.keyboard.press("n");
    expect(await opened.page.evaluate("document.activeElement.id")).toBe("pause-a-lock-holder/HS-6");
  });

  test("prints with every chart drawn", async () => {
    await using opened = await open(url, { width: 1280, colorScheme: "dark" });
    const pdf = await opened.page.pdf({ format: "A4" });
    expect(pdf.length).toBeGreaterThan(50_000);
    expect(await opened.page.locator(".timeline canvas").count()).toBe(15);
    expect(opened.heard).toEqual([]);
  });

  test.each([
    [true, "holds", 1280, "light"],
    [false, "violated", 1280, "light"],
    [false, "violated", 390, "dark"],
    ["unknown", "inconclusive", 390, "light"],
  ] as const)(
    "a history that is judged %s (%s) is drawn as lanes, at %i px in %s, whatever its strings are",
    async (valid, name, width, colorScheme) => {
      const call = (index: number, f: string, value: string, invokedAt: number, more: object) =>
        operation({ index, process: `c${index}${hostile}`, f, input: f === "write" ? value : null, output: value, invokedAt, ...more });
      const operations = [
        call(0, "write", "a", 0, { completedAt: 10 }),
        call(1, "write", hostile, 5, { outcome: "info", error: hostile, answeredAt: Number.POSITIVE_INFINITY }),
        call(2, "read", "b", 20, { completedAt: 30 }),
      ];
      const text = `Operation 2 found what nobody wrote: ${hostile}`;
      const anomalies = valid === false ? [{ type: "nonlinearizable", text, operations: [2] }] : [];
      const notes = valid === "unknown" ? [text] : [];
      const answer = { valid, algorithm: "zones", operations: 3, anomalies, notes, numbers: { keyCount: 1 } };
      const evidence = valid === false ? { operations, answer, how: "3 of 3 operations." } : null;
      const file = join(directory, `history-${name}.html`);
      await writeFile(file, renderHistory({ file: `f${hostile}`, model: "register", what: "a register", answer, operations, evidence }));
      await using opened = await open(pathToFileURL(file).href, { width, colorScheme });
      const { page, heard } = opened;
      expect(await page.locator("h1").textContent()).toMatch(/is (not )?valid as register|Whether .* is unknown/);
      expect(await page.locator(`h1 .${name}`).count()).toBe(1);
      const cells = page.locator(".history-lanes .operation");
      expect(await cells.count()).toBe(3);
      expect(await page.locator(".history-lanes .open").count()).toBe(1);
      expect(await page.locator(".history-lanes .accused").count()).toBe(valid === false ? 1 : 0);
      // As long as it took: the write that never ended reaches below the read that did.
      const [lost, read] = [await cells.nth(1).boundingBox(), await cells.nth(2).boundingBox()];
      if (!lost || !read) throw new Error("A cell has no box.");
      expect(lost.y + lost.height).toBeGreaterThanOrEqual(read.y + read.height - 1);
      expect(read.width).toBeGreaterThan(100);
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      expect(await page.locator("main img, main script").count()).toBe(0);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(heard).toEqual([]);
    },
  );

  test("hostile strings stay text, and the JUnit file parses as XML", async () => {
    const suite = hostileSuite(hostile);
    await writeExampleRun(join(directory, "hostile"), suite);
    const { html } = await writeReport(join(directory, "hostile"));
    await using opened = await open(pathToFileURL(html).href, { width: 390 });
    const { page, heard } = opened;
    expect(await page.evaluate("window.pwned")).toBeUndefined();
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(await page.locator(".finding blockquote").textContent()).toContain("<script>window.pwned=1</script>");
    const parsed = `new DOMParser().parseFromString(${JSON.stringify(renderJunit(suite))}, "text/xml")`;
    expect(await page.evaluate(`(${parsed}).querySelectorAll("parsererror").length`)).toBe(0);
    expect(await page.evaluate(`(${parsed}).querySelectorAll("testcase").length`)).toBe(12);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    expect(heard).toEqual([]);
  });
});
