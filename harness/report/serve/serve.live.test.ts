/** The page that follows a run, in a real Chromium: it shows what comes, holds no markup of it, and gives way to the report. */
import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser } from "../../provision/test-browser.ts";
import { exampleSuite, writeExampleRun } from "../example-run.ts";
import { hostile } from "../hostile.ts";
import { serveRun } from "./serve.ts";

const start = await findBrowser();

describe.skipIf(start === null)("the page that follows a run", () => {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "runproof-follow-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test("from the first record to the report", async () => {
    const folder = join(directory, "kill-a-queue-instance");
    const write = (file: string, line: unknown): Promise<void> => appendFile(join(folder, file), `${JSON.stringify(line)}\n`);
    await mkdir(folder);
    await writeFile(join(folder, "experiment.json"), JSON.stringify({ startedAt: new Date().toISOString() }));
    for (let i = 0; i < 90; i++)
      await write("history.jsonl", { type: "ok", time: i * 33, process: "a", f: "create", served: i % 9 === 0 ? "error" : "yes" });
    await using serving = await serveRun(directory);
    await using browser = await start?.();
    const page = await browser?.newPage({ viewport: { width: 390, height: 844 } });
    if (page === undefined) throw new Error("The browser has no page.");
    const heard: string[] = [];
    page.on("console", (message) => heard.push(message.text()));
    page.on("pageerror", (error) => heard.push(error.message));
    page.on("request", (request) => request.url().startsWith(serving.url) || request.url().startsWith("data:") || heard.push(request.url()));
    await page.goto(serving.url);
    await expect.poll(() => page.locator("#operations").textContent()).toBe("90");
    expect(await page.locator("#title").textContent()).toBe("kill-a-queue-instance");
    expect(await page.locator("#errors").textContent()).toBe("10");
    expect(await page.locator("#chart canvas").count()).toBe(1);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);

    await write("faults.jsonl", { time: 2000, id: "kill#1", fault: `kill${hostile}`, on: "queue-1", phase: "requested" });
    await write("faults.jsonl", { time: 2100, id: "kill#1", fault: "kill", on: "queue-1", phase: "biting" });
    await expect.poll(() => page.locator("#fault").textContent(), { timeout: 5000 }).toContain("<script>window.pwned=1</script>");
    const [first] = exampleSuite().experiments;
    await mkdir(join(directory, "other"));
    await writeFile(join(directory, "other", "verdict.json"), JSON.stringify({ ...first, title: `before ${hostile}` }));
    await expect.poll(() => page.locator("#done li").count(), { timeout: 5000 }).toBe(1);
    expect(await page.locator("#done li b").textContent()).toBe("inconclusive");
    expect(await page.evaluate("window.pwned")).toBeUndefined();
    expect(await page.locator("main img, main script").count()).toBe(0);
    if (process.env.RUNPROOF_SCREENSHOTS) await page.screenshot({ path: join(process.env.RUNPROOF_SCREENSHOTS, "follow.png"), fullPage: true });

    await writeExampleRun(directory);
    await expect.poll(() => page.locator("h1").textContent(), { timeout: 10_000 }).toBe("Claim HS-6 is violated");
    expect(heard).toEqual([]);
  });
});
