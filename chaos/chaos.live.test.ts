/** Proof both ways, on the real stack: experiments hold on the healthy server, and planted defects turn the claims they are said to turn. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SuiteVerdict } from "../harness/core/verdict.ts";
import { choose, listDefects, listExperiments } from "../harness/run/catalogue.ts";

const project = resolve(import.meta.dirname, "..");
let reports = "";
beforeAll(async () => {
  reports = await mkdtemp(join(tmpdir(), "live-reports-"));
});
afterAll(() => rm(reports, { recursive: true }));

async function chaos(...args: string[]): Promise<{ status: number | null; verdict: SuiteVerdict; output: string }> {
  const child = spawn(process.execPath, [join(project, "harness/main.ts"), "chaos", "--reports", reports, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      output += data;
    });
  }
  const status = await new Promise<number | null>((done) => child.once("close", done));
  const verdict: SuiteVerdict = JSON.parse(await readFile(join(reports, "latest/verdict.json"), "utf8"));
  return { status, verdict, output };
}

const experiments = await listExperiments(project);
const smoke = choose(experiments, [], "smoke");

/** `npm run chaos` and `npm run nightly` carry out the others. */
test("the healthy server is not accused: every claim holds, exit 0", { timeout: 300_000 }, async () => {
  const { status, verdict, output } = await chaos("--profile", "smoke");
  const tried = new Set(smoke.flatMap(({ claims }) => Object.keys(claims)));
  expect(tried.size).toBeGreaterThan(3);
  for (const id of tried) expect(verdict.claims.find((claim) => claim.id === id)?.verdict, output).toBe("holds");
  expect(status, output).toBe(0);
});

/** A nightly run (RUNPROOF_PROFILE=nightly) proves all defects; otherwise one that a smoke experiment catches (`runproof defects` has all). */
const nightly = process.env.RUNPROOF_PROFILE === "nightly";
const usual = new Set((nightly ? choose(experiments, [], "nightly") : smoke).map(({ id }) => id));
const caught = (await listDefects(project)).filter(({ caughtBy }) => caughtBy.every((id) => usual.has(id)));
const defects = nightly ? caught : caught.slice(0, 1);

test.each(defects)("$id turns $claim to violated, exit 1", { timeout: 300_000 }, async (defect) => {
  const { status, verdict, output } = await chaos("--defect", defect.id);
  const claim = verdict.claims.find(({ id }) => id === defect.claim);
  expect(claim?.verdict, output).toBe("violated");
  expect(verdict).toMatchObject({ defect: defect.id, exit: 1 });
  expect(status).toBe(1);
  // The accusation comes with something a sceptic can look up.
  const examples = verdict.experiments.flatMap((one) =>
    one.claims.filter((c) => c.claim === defect.claim).flatMap((c) => c.checks.flatMap((check) => check.counterexamples)),
  );
  expect(examples.length).toBeGreaterThan(0);
  expect(await readFile(join(reports, "latest/report.html"), "utf8")).toContain(defect.id);
});
