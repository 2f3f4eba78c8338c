/** The page in a real Chromium, opened from disk: it asks nobody for anything, shows the claims, jumps to moments, and stays inert whatever the strings are. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MissingPartError, provision } from "../provision/provision.ts";
import { exampleSuite, writeExampleRun } from "./example-run.ts";
import { hostile, hostileSuite } from "./hostile.ts";
import { renderJunit } from "./junit.ts";
import { writeReport } from "./write-report.ts";

const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const part = await provision({ only: ["chromium"] }).then(
  (parts) => parts.chromium,
  (error: unknown) => {
    if (!(error instanceof MissingPartError)) throw error;
    console.warn(`The tests of the report's page are skipped: ${error.message}`);
    return null;
  },
);

describe.skipIf(part === null)("the page in Chromium", () => {
  let directory = "";
  let browser: Browser;
  let url = "";

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "runproof-page-"));
    const args = process.getuid?.() === 0 ? [...quiet, "--no-sandbox"] : quiet;
    browser = await chromium.launch({
      executablePath: part?.path ?? "",
      args,
      env: { ...process.env, ...part?.env } as Record<string, string>,
      timeout: 30_000,
    });
    await writeExampleRun(join(directory, "run"));
    url = pathToFileURL((await writeReport(join(directory, "run"))).html).href;
  });

  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Opens the page; `heard` collects what it must never do. */
  async function open(
    address: string,
    options: { width: number; colorScheme?: "light" | "dark" },
  ): Promise<{ page: Page; heard: string[]; [Symbol.asyncDispose](): Promise<void> }> {
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
    expect(await page.locator(".fault").count()).toBe(3);
    expect(await page.locator(".coverage tbody tr").count()).toBe(4);
    expect(await page.locator(".coverage td:has(.too-few)").textContent()).toMatch(/14$/);
    expect(await page.locator("#_coverage .situations tbody td.number").allInnerTexts()).toEqual(["never", "2"]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const shots = process.env.RUNPROOF_SCREENSHOTS ?? join(directory, "shots");
    await mkdir(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${width}-${colorScheme}.png`), fullPage: true });
    expect(heard).toEqual([]);
  });

  test("a counterexample's time brings the timeline there; the link can be sent on", async () => {
    await using opened = await open(url, { width: 1280 });
    const { page, heard } = opened;
    await page.locator(".finding .jump").click();
    const readout = page.locator(".timeline[data-index='1'] .readout");
    await expect.poll(() => readout.textContent()).toContain("14.23 s · pause queue-2");
    expect(page.url()).toMatch(/#pause-a-lock-holder\/HS-6@14\.230$/);
    expect(await page.locator(".claim.current").getAttribute("id")).toBe("pause-a-lock-holder/HS-6");

    await using sent = await open(page.url(), { width: 1280 });
    await expect.poll(() => sent.page.locator(".timeline[data-index='1'] .readout").textContent()).toContain("14.23 s");
    expect([...heard, ...sent.heard]).toEqual([]);
  });

  test("the timeline obeys the keyboard, hover links the charts, dragging zooms all of them", async () => {
    await using opened = await open(`${url}#kill-a-queue-instance`, { width: 1280 });
    const { page, heard } = opened;
    const timeline = page.locator(".timeline").first();
    const readout = timeline.locator(".readout");
    await timeline.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => readout.textContent()).toMatch(/^20\.\d+ s$/);
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
    await expect.poll(() => readout.textContent()).toMatch(/^(9|10)\.\d+ s to (19|20)\.\d+ s$/);
    expect(await timeline.locator(".fault").count()).toBe(1);
    expect(heard).toEqual([]);
  });

  test("filters show only the claims asked for", async () => {
    await using opened = await open(url, { width: 1280 });
    const visible = opened.page.locator(".matrix tbody tr:visible");
    await opened.page.locator(".filter.violated").click();
    await expect.poll(() => visible.count()).toBe(1);
    await opened.page.locator(".filter.not-tried").click();
    await expect.poll(() => visible.count()).toBe(3);
    expect(await opened.page.locator(".untried:visible summary").allInnerTexts()).toEqual([
      "1 claim: left out of this run",
      "1 claim: tested in the server",
    ]);
  });

  test("prints with every chart drawn", async () => {
    await using opened = await open(url, { width: 1280, colorScheme: "dark" });
    const pdf = await opened.page.pdf({ format: "A4" });
    expect(pdf.length).toBeGreaterThan(50_000);
    expect(await opened.page.locator(".timeline canvas").count()).toBe(12);
    expect(opened.heard).toEqual([]);
  });

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
