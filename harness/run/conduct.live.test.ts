/** A fault that hits nobody at work must leave the run inconclusive, however well the server did. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { oneLiveAttempt } from "../checkers/one-live-attempt.ts";
import type { Experiment } from "../core/experiment.ts";
import { combine } from "../core/verdict.ts";
import { openRunState } from "../drivers/process/run-state.ts";
import { prepareDriver } from "../drivers/process/stack.ts";
import { provision } from "../provision/provision.ts";
import { loadFault, loadTarget } from "./catalogue.ts";
import { conduct } from "./conduct.ts";
import { judge } from "./judge.ts";

const project = resolve(import.meta.dirname, "../..");

test("a fault aimed at an instance that does nothing is inconclusive", async () => {
  const parts = await provision({});
  const target = await loadTarget(project, "reference");
  const reports = await mkdtemp(join(tmpdir(), "live-reports-"));
  const directory = join(reports, "aimed-at-nothing");
  // No API instance reports to the ledger under this load, and each answers fewer than 20 requests a second: killing one proves nothing.
  const experiment: Experiment = {
    id: "aimed-at-nothing",
    title: "Kill an instance that does next to nothing",
    profile: "default",
    proxied: [],
    load: { scenario: "create-and-wait", perSecond: 10 },
    schedule: () => [{ fault: "kill", on: "api-1", atMs: 0, forMs: 500 }],
    settleMs: 1000,
    drainMs: 10_000,
    coverage: { operations: 100, operationsPerFault: 0, steady: true },
    claims: { "LG-5": [oneLiveAttempt] },
  };
  try {
    await using state = await openRunState({ keep: false });
    const driver = await prepareDriver({ parts, project, directory: state.directory, marker: state.id });
    await conduct(experiment, {
      ...{ driver, target, directory, defect: undefined, topology: target.topology, seed: 1, k6: parts.k6 },
      signal: new AbortController().signal,
      progress: { experiment: () => {}, phase: () => {}, tick: () => {}, say: () => {} },
      loadFault: (name) => loadFault(project, name),
    });
    const verdict = await judge({ experiment, target, directory, defect: "", repeat: "", situations: [] });
    expect(verdict.claims[0]?.checks.map((check) => check.verdict)).toEqual(["holds"]);
    expect(combine(verdict.claims.map((claim) => claim.verdict))).toBe("inconclusive");
    expect(verdict.assumptions.find((check) => check.property === "faults bit")).toMatchObject({
      verdict: "inconclusive",
      summary: expect.stringContaining("was never seen biting"),
    });
  } finally {
    await rm(reports, { recursive: true });
  }
});
