/** Test helper: writes a plausible run directory, as a suite on a server with a planted lock defect would leave it. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seeded } from "../core/random.ts";
import type { Check, ExperimentVerdict, SuiteVerdict, Verdict } from "../core/verdict.ts";
import { faultsOf, history, overlapLedger, overlapLog, samples, scaling } from "./example-records.ts";

const resilience = "Scalability and resilience of a run queue server";
const horizontal = "Horizontal scaling of a stateful agent server";
const availability = "High availability";

export function check(property: string, verdict: Verdict, summary: string, rest: Partial<Check> = {}): Check {
  return { property, verdict, summary, examined: 4210, count: rest.counterexamples?.length ?? 0, counterexamples: [], numbers: {}, ...rest };
}

function experiment(id: string, title: string, rest: Partial<ExperimentVerdict>): ExperimentVerdict {
  return {
    experiment: id,
    title,
    seed: 7,
    startedAt: "2025-11-21T08:00:00.000Z",
    durationMs: 41_000,
    repeat: `npm run chaos -- --only ${id} --seed 7`,
    defect: "in-process-lock",
    claims: [],
    assumptions: [
      check("every fault bit and healed", "holds", "3 of 3 injections were seen biting and healed.", { examined: 3 }),
      check("steady before the first fault", "holds", "10 s at 119.6 operations/s of 120, no error, every instance serving.", { examined: 1196 }),
      check("steady after the last heal", "holds", "Steady 3.2 s after the last heal.", { examined: 1201 }),
    ],
    coverage: [],
    sometimes: [],
    load: { scheduledPerSecond: 120, achievedPerSecond: 119.4, droppedIterations: 0, scheduleLagMaxMs: 14 },
    failure: "",
    ...rest,
  };
}

const overlap = (run: string, at: number): string =>
  `agent ${run} was held by queue-2 (token 41) and by queue-3 (token 42) at the same time for ${at} ms (ledger 5120, 5133).`;

const killed = {
  id: "killed-between-steps",
  what: "an instance was killed between two steps of a run",
  count: 2,
  first: { time: 12_000, text: "kill#1 killed queue-2 at 12.000 s after step 2 of run r17, attempt 1 on queue-2 (ledger 412)." },
};

function covered(injection: string, on: string, operation: string, least: number, during: number): ExperimentVerdict["coverage"][number] {
  const around = { ok: 1194, fail: 0, info: 0 };
  return {
    injection,
    fault: injection.replace(/#.*/, ""),
    on,
    operation,
    before: around,
    during: { ok: during, fail: 3, info: 41 },
    after: around,
    least,
  };
}

export function exampleSuite(): SuiteVerdict {
  const kill = experiment("kill-a-queue-instance", "Kill queue instances with SIGKILL while runs are in progress", {
    coverage: ["kill#1", "kill#2"].flatMap((injection, i) => [
      covered(injection, `queue-${i + 2}`, "create", 20, i === 0 ? 312 : 112),
      covered(injection, `queue-${i + 2}`, "wait", 20, i === 0 ? 298 : 14),
    ]),
    sometimes: [killed],
    claims: [
      {
        claim: "LG-5",
        verdict: "holds",
        summary: "4,210 runs, each completed exactly once by the instance that held its last attempt.",
        checks: [
          check("one terminal transition a run", "holds", "4,210 acknowledged runs reached exactly one terminal state.", {
            numbers: { runs: 4210, attempts: 4241 },
          }),
          check("one live attempt at a time", "holds", "No two of 4,241 attempts of a run overlapped.", {
            examined: 4241,
            numbers: { effectsRepeated: 17 },
          }),
        ],
      },
      {
        claim: "LG-8",
        verdict: "holds",
        summary: "31 runs of killed handlers were re-queued, the last 5.9 s after the kill (bound 7 s).",
        checks: [
          check("re-queued in time", "holds", "31 re-queues within the bound.", {
            examined: 31,
            numbers: { requeueP50Ms: 5210, requeueMaxMs: 5904, boundMs: 7000 },
          }),
        ],
      },
      {
        claim: "HA-2",
        verdict: "inconclusive",
        summary: "Only 112 of 200 operations started during kill#2: too few to judge availability.",
        checks: [check("availability during the fault", "inconclusive", "Only 112 of 200 operations started during kill#2.", { examined: 112 })],
      },
    ],
    assumptions: [
      check("every fault bit and healed", "inconclusive", "kill#3 did not bite: queue-1 was working on nothing when it was killed.", { examined: 3 }),
    ],
  });
  const pause = experiment("pause-a-lock-holder", "Pause the holder of an agent's lock beyond its lease", {
    claims: [
      {
        claim: "HS-6",
        verdict: "violated",
        summary: `${overlap("a-17", 812)} (2 more)`,
        checks: [
          check("critical sections never overlap", "violated", `${overlap("a-17", 812)} (2 more)`, {
            counterexamples: [
              { time: 14_230, text: overlap("a-17", 812) },
              { time: 15_870, text: overlap("a-3", 2410) },
              { time: 26_400, text: overlap("a-40", 95) },
            ],
            numbers: { handoverP50Ms: 12, handoverMaxMs: 2410, sections: 3980 },
          }),
          check("tokens strictly increase", "holds", "3,980 sections in increasing order of their tokens.", { examined: 3980 }),
        ],
      },
      {
        claim: "HA-13",
        verdict: "holds",
        summary: "6 stale holders resumed; all of their 6 writes were refused.",
        checks: [check("stale writes are refused", "holds", "6 of 6 refused.", { examined: 6 })],
      },
    ],
  });
  const scale = experiment("scale-queue-instances", "Throughput of sleep-bound runs on 1, 2 and 4 queue instances", {
    claims: [
      {
        claim: "LG-4",
        verdict: "holds",
        summary: "49.6, 98.1 and 191 runs/s on 1, 2 and 4 instances: 96 % of linear at 4.",
        checks: [
          check("throughput is linear", "holds", "96 % of linear at 4 instances.", {
            numbers: { throughputOn1PerSecond: 49.6, throughputOn2PerSecond: 98.1, throughputOn4PerSecond: 191 },
          }),
        ],
      },
    ],
  });
  const claim = (
    id: string,
    document: string,
    verdict: Verdict,
    statement: string,
    summary: string,
    decidedBy: readonly string[],
    more: Partial<SuiteVerdict["claims"][number]> = {},
  ): SuiteVerdict["claims"][number] => ({
    ...{ id, document, verdict, statement, summary, decidedBy },
    ...{ documented: "", corrected: "", untried: "" },
    ...more,
  });
  const summaryOf = (from: ExperimentVerdict, id: string): string => from.claims.find((one) => one.claim === id)?.summary ?? "";
  return {
    version: 1,
    tool: "runproof 0.1.0",
    seed: 7,
    startedAt: "2025-11-21T08:00:00.000Z",
    durationMs: 171_400,
    commit: "c4339ff0a1b2c3d4",
    target: "reference server",
    driver: "process",
    defect: "in-process-lock",
    defectWhat: "The per-agent lock is a table inside each process, so that instances do not see each other's locks.",
    environment: { node: "24.21.0", k6: "2.2.0", postgres: "16.10", redis: "8.2", nginx: "1.26.3", cpu: "2 cores", os: "Linux 6.12" },
    exit: 1,
    claims: [
      claim(
        "LG-4",
        resilience,
        "holds",
        "Run throughput grows linearly with queue instances; each handles 10 concurrent runs.",
        summaryOf(scale, "LG-4"),
        [scale.experiment],
      ),
      claim(
        "LG-5",
        resilience,
        "holds",
        "Each attempt of a run is handled by one instance, and each run completes exactly once.",
        summaryOf(kill, "LG-5"),
        [kill.experiment],
      ),
      claim(
        "LG-8",
        resilience,
        "holds",
        "A crashed handler's runs come back: the sweeper re-queues them when its heartbeat expires.",
        summaryOf(kill, "LG-8"),
        [kill.experiment],
      ),
      claim("LG-12", resilience, "out of reach", "Standby replicas fail over automatically.", "The process driver has no standby database.", [], {
        untried: "out of reach",
      }),
      claim(
        "LG-9",
        resilience,
        "not tried",
        "On SIGINT an instance drains.",
        "Tried by stop-instances-politely (nightly), which this run left out.",
        [],
        {
          untried: "left out of this run",
        },
      ),
      claim(
        "HS-6",
        horizontal,
        "violated",
        "The per-agent lock serialises critical operations on one agent across instances.",
        summaryOf(pause, "HS-6"),
        [pause.experiment],
        {
          documented: "A dictionary of locks in each process, called distributed.",
          corrected: "A lease in a shared store, with a token that the resource checks.",
        },
      ),
      claim("HS-5", horizontal, "not tried", "One shared Postgres with vector search serves all instances.", "agents/archive.test.ts", [], {
        untried: "tested in the server",
      }),
      claim("HA-2", availability, "inconclusive", "Active-active: one instance's failure does not affect the whole.", summaryOf(kill, "HA-2"), [
        kill.experiment,
      ]),
      claim(
        "HA-13",
        availability,
        "holds",
        "A holder that lost its lock cannot write: fencing tokens are checked at the resource.",
        summaryOf(pause, "HA-13"),
        [pause.experiment],
      ),
    ],
    sometimes: [
      { id: killed.id, what: killed.what, count: killed.count, seenIn: [kill.experiment] },
      { id: "third-attempt", what: "a run needed a third attempt", count: 0, seenIn: [] },
    ],
    experiments: [kill, pause, scale],
  };
}

/** Writes a run's files into `directory`, which must not exist or be empty. */
export async function writeExampleRun(directory: string, suite: SuiteVerdict = exampleSuite()): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "verdict.json"), JSON.stringify(suite));
  for (const one of suite.experiments) {
    const folder = join(directory, one.experiment);
    await mkdir(folder, { recursive: true });
    const faults = one.experiment.startsWith("scale") ? scaling() : faultsOf(one.experiment.startsWith("kill") ? "kill" : "pause");
    await writeFile(join(folder, "verdict.json"), JSON.stringify(one));
    await writeFile(join(folder, "faults.jsonl"), lines(faults));
    await writeFile(join(folder, "history.jsonl"), lines(history(seeded(one.seed, one.experiment), one.experiment.startsWith("kill"))));
    if (one.experiment.startsWith("pause")) {
      await mkdir(join(folder, "logs"), { recursive: true });
      await writeFile(join(folder, "experiment.json"), JSON.stringify({ seed: one.seed, startedAt: one.startedAt, startsPerSecond: 120 }));
      await writeFile(join(folder, "ledger.jsonl"), lines(overlapLedger()));
      for (const instance of ["queue-2", "queue-3"]) await writeFile(join(folder, "logs", `${instance}.log`), overlapLog(instance));
    }
    await writeFile(join(folder, "samples.jsonl"), lines(samples(one.experiment.startsWith("kill"))));
  }
}

function lines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
