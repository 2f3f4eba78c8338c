/** A harness that was killed with SIGKILL leaves a record that ends anywhere: it is judged as far as it goes, and accuses nobody of what is missing. */
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exactlyOnce } from "../checkers/exactly-once.ts";
import { noLostUpdate, pausedHolderRefused, staleWriteRefused } from "../checkers/fencing.ts";
import { generate } from "../checkers/generate.ts";
import { mutualExclusion } from "../checkers/mutual-exclusion.ts";
import { liveRunKept, requeuedInTime } from "../checkers/requeue.ts";
import type { Experiment } from "../core/experiment.ts";
import type { HistoryLine } from "../core/history.ts";
import { type Random, seeded } from "../core/random.ts";
import type { Evidence } from "../core/verdict.ts";
import { loadTarget } from "./catalogue.ts";
import { readExperiment } from "./evidence.ts";
import { judge } from "./judge.ts";
import { saveEnd, saveStart } from "./record.ts";

const project = resolve(import.meta.dirname, "../..");
const start = { seed: 1, startedAt: "2026-01-01T00:00:00.000Z", topology: { api: 3, queue: 3 }, schedule: [], startsPerSecond: 0 };
const experiment: Experiment = {
  id: "cut-off",
  title: "A record that was cut off",
  profile: "smoke",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 1 },
  schedule: () => [],
  settleMs: 0,
  drainMs: 0,
  coverage: { operations: 0, operationsPerFault: 0, steady: false },
  claims: {
    "LG-5": exactlyOnce({ boundMs: 12_000 }),
    "LG-8": [requeuedInTime, liveRunKept],
    "HS-6": [mutualExclusion, noLostUpdate],
    "HA-13": [staleWriteRefused, pausedHolderRefused],
  },
};
const target = await loadTarget(project, "reference");

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cut-off-"));
});
afterAll(() => rm(directory, { recursive: true }));

const streams = ["history", "ledger", "transitions", "writes", "faults", "samples"] as const;
const file = (name: string): string => join(directory, name);

/** The lines of a record with a beat each 100 ms, as the recorders write them. */
function withBeats<T extends { readonly time: number }>(records: readonly T[], endsAt: number, deltaMs?: number): string {
  const beats = Array.from({ length: Math.floor(endsAt / 100) }, (_, i) => ({
    type: "beat",
    time: i * 100,
    ...(deltaMs === undefined ? {} : { deltaMs }),
  }));
  const lines: { readonly time: number }[] = [...records, ...beats];
  return lines
    .sort((a, b) => a.time - b.time)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
}

function historyOf({ operations }: Evidence): HistoryLine[] {
  return operations.flatMap(({ index, f, key, input, output, intendedAt, invokedAt, answeredAt, outcome, served, error, by }): HistoryLine[] => {
    const process = `p${index}`;
    const invoke: HistoryLine = { type: "invoke", time: invokedAt, process, f, key, value: input, intended: intendedAt };
    return [invoke, { type: outcome, time: answeredAt, process, f, served, value: output, error, by }];
  });
}

async function save(evidence: Evidence): Promise<void> {
  const { endsAt, deltaMs } = evidence;
  const clock = { type: "clock", time: 0, harness: 0, delta: deltaMs };
  await saveStart(directory, start);
  await writeFile(file("history.jsonl"), `${JSON.stringify(clock)}\n${withBeats(historyOf(evidence), endsAt)}`);
  await writeFile(file("transitions.jsonl"), withBeats(evidence.transitions, endsAt, deltaMs));
  await writeFile(file("writes.jsonl"), withBeats(evidence.writes, endsAt, deltaMs));
  for (const name of ["ledger", "faults", "samples"] as const)
    await writeFile(file(`${name}.jsonl`), withBeats<{ time: number }>(evidence[name], endsAt));
}

/** Every file ends somewhere near that part of the experiment, in the middle of a line as a rule. */
async function cut(random: Random): Promise<void> {
  const share = random.next() * 0.4;
  for (const name of streams) {
    const { length } = await readFile(file(`${name}.jsonl`));
    await truncate(file(`${name}.jsonl`), Math.floor(length * Math.min(1, share * (0.9 + 0.2 * random.next()))));
  }
}

const verdictOf = (judged = target) => judge({ experiment, target: judged, directory, defect: "", repeat: "", situations: [] });

test("wherever it was cut, nobody is accused, and nothing is proven", async () => {
  let judged = 0;
  for (let seed = 1; seed <= 25; seed++) {
    const random = seeded(seed, "cut");
    await save(generate(seeded(seed)));
    await cut(random);
    const { claims, assumptions } = await verdictOf();
    expect(claims.map((claim) => claim.summary + claim.verdict).join(" ")).not.toContain("violated");
    expect(claims.map((claim) => claim.verdict)).not.toContain("holds");
    expect(assumptions[0]?.summary).toContain("The record has no end");
    judged += claims.flatMap((claim) => claim.checks).reduce((sum, check) => sum + check.examined, 0);
  }
  expect(judged).toBeGreaterThan(500);
}, 120_000);

test("what had been violated by then is still told", async () => {
  const whole = generate(seeded(5));
  const ended = whole.transitions.find(({ to }) => to === "success");
  if (ended === undefined) throw new Error("The generated execution was expected to have a run that succeeds.");
  const twice = { ...ended, seq: ended.seq + 0.5, time: ended.time + 1, from: "success" };
  await save({ ...whole, transitions: [...whole.transitions, twice].sort((a, b) => a.seq - b.seq) });
  expect((await verdictOf()).claims[0]).toMatchObject({ claim: "LG-5", verdict: "violated" });
  const modest = { ...target, disclaims: { "LG-5": "a run is done at least once." } };
  expect((await verdictOf(modest)).claims[0]).toMatchObject({
    verdict: "out of reach",
    summary: expect.stringContaining("at least once"),
    checks: [],
  });
});

test("the earliest last beat ends it; what is open then is unknown; without a beat of every recorder there is nothing to judge", async () => {
  const whole = generate(seeded(7));
  await save(whole);
  await writeFile(file("ledger.jsonl"), withBeats(whole.ledger, 8000));
  const { evidence, load } = await readExperiment(directory, target);
  expect(load).toBeNull();
  expect(evidence).toMatchObject({ cutOff: true, endsAt: 7900 - 2 * whole.deltaMs });
  expect(evidence.operations.length).toBeGreaterThan(0);
  for (const { invokedAt, completedAt, outcome } of evidence.operations) {
    expect(invokedAt).toBeLessThanOrEqual(7900);
    if (completedAt > 7900) expect(outcome).toBe("info");
  }
  await rm(file("faults.jsonl"));
  const nothing = await readExperiment(directory, target);
  expect(nothing.evidence).toMatchObject({ operations: [], ledger: [], transitions: [], endsAt: Number.NEGATIVE_INFINITY });
  expect((await verdictOf()).claims.map((claim) => claim.verdict)).toEqual(["inconclusive", "inconclusive", "inconclusive", "inconclusive"]);
});

test("a record with its end is whole, whatever its beats say", async () => {
  const whole = generate(seeded(7));
  await save(whole);
  await saveEnd(
    directory,
    { ...start, deltaMs: whole.deltaMs, loadEndsAt: 20_000, endsAt: whole.endsAt, drained: true, problem: "", unreadEdits: [] },
    whole,
  );
  const { evidence } = await readExperiment(directory, target);
  expect(evidence).toMatchObject({ cutOff: false, endsAt: whole.endsAt });
  expect(evidence.transitions).toEqual(whole.transitions);
  expect(evidence.ledger.length).toBe(whole.ledger.length);
});
