/** The records of a large run, made up: creates and waits at 5,000 a second, two pauses, and one run that was completed by a sleeper. */
import type { Random } from "../../harness/core/random.ts";
import type { SuiteVerdict } from "../../harness/core/verdict.ts";

export const largeExperiment = "pause-a-queue-instance";
const perSecond = 5000;
const instances = ["queue-1", "queue-2", "queue-3", "queue-4"] as const;
const pausesS = [0.3, 0.6] as const;
/** The run that the verdict accuses. */
const accused = 1234;

type Batch = Readonly<Record<"history" | "ledger" | "transitions" | "faults" | "samples", string>>;

/** In pieces, so that none of it has to be held: 1 run is 2 operations, 3 ledger entries and 3 transitions. */
export function* recordsOf(operations: number, random: Random): Generator<Batch> {
  const runs = operations / 2;
  const lengthMs = (operations / perSecond) * 1000;
  yield { ...nothing, history: line({ type: "clock", time: 0, harness: 2000, delta: 0.4 }), faults: faults(lengthMs), samples: samples(lengthMs) };
  const batch = 10_000;
  for (let from = 0; from < runs; from += batch) {
    const parts = { history: "", ledger: "", transitions: "" };
    for (let n = from; n < Math.min(runs, from + batch); n++) {
      const intended = (n * 2000) / perSecond;
      const tookMs = 6 - 9 * Math.log(1 - random.next());
      const [run, process, by] = [runId(n), `vu${n % 997}.${Math.floor(n / 997)}`, instances[n % 4] ?? ""];
      const at = (plus: number): number => intended + plus * tookMs;
      parts.history +=
        line({ type: "invoke", time: at(0.01), process, f: "create", key: `7-${n}`, value: { key: `7-${n}`, steps: 3, stepMs: 64 }, intended }) +
        line({
          type: "ok",
          time: at(1),
          process,
          f: "create",
          served: n % 9973 === 0 ? "shed" : "yes",
          value: { run, status: "pending" },
          by: "api-1",
        }) +
        line({ type: "invoke", time: at(1.1), process, f: "wait", key: run, value: { run } }) +
        line({ type: "ok", time: at(9), process, f: "wait", served: "yes", value: { run, status: "success" }, by: "api-2" });
      const harness = (plus: number): number => at(plus) + 2000;
      const entry = { scope: "run", subject: run, token: 1, instance: by, section: `s${n}` };
      parts.ledger += ["enter", "step", "exit"]
        .map((kind, i) => line({ seq: n * 3 + i, time: harness(2 + i), kind, ...entry, step: i % 2, nonce: `n${n}-${i}` }))
        .join("");
      const change = (seq: number, plus: number, from: string | null, to: string): string =>
        line({
          seq: n * 3 + seq,
          time: harness(plus),
          subject: run,
          from,
          to,
          attempt: from === null ? 0 : 1,
          handler: to === "running" ? by : "",
          by: from === null ? "api-1" : by,
        });
      parts.transitions += change(1, 0.9, null, "pending") + change(2, 1.9, "pending", "running") + change(3, 5, "running", "success");
    }
    yield { ...nothing, ...parts };
  }
}

const nothing: Batch = { history: "", ledger: "", transitions: "", faults: "", samples: "" };

function line(record: object): string {
  return `${JSON.stringify(record)}\n`;
}

function runId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

function faults(lengthMs: number): string {
  return pausesS
    .flatMap((share, i) => {
      const at = lengthMs * share;
      const about = { id: `pause#${i + 1}`, fault: "pause", on: instances[i], working: [`run ${runId(accused)} attempt 1`] };
      const phases = [
        ["requested", 0],
        ["biting", 150],
        ["healing", 8000],
        ["healed", 8400],
      ] as const;
      return phases.map(([phase, after]) => line({ time: at + after, ...about, phase, evidence: phase === "biting" ? "state T" : "" }));
    })
    .join("");
}

function samples(lengthMs: number): string {
  let text = "";
  for (let time = 0; time < lengthMs; time += 500) {
    text += line({ time, source: "backlog", values: { open: 12, oldestMs: 40 } }) + line({ time, source: "harness", values: { lagMs: 2 } });
    for (const source of instances) text += line({ time, source, values: { ready: 1, lagMs: 1, poolCheckedOut: 4, poolIdle: 6, poolWaiting: 0 } });
  }
  return text;
}

export function largeSuite(operations: number): SuiteVerdict {
  const text = `run ${runId(accused)} was completed by queue-3 (attempt 1) while queue-1 was running attempt 2 (transitions ${accused * 3 + 2}, ${accused * 3 + 3}) at 2.5 s.`;
  const check = {
    property: "no write of an older attempt",
    verdict: "violated" as const,
    summary: text,
    examined: operations / 2,
    count: 1,
    counterexamples: [{ time: 2500, text }],
    numbers: {},
  };
  const claim = {
    id: "LG-5",
    statement: "Each run completes exactly once.",
    document: "run queue server",
    documented: "",
    corrected: "",
    untried: "",
  };
  const about = { seed: 7, startedAt: "2026-01-01T00:00:00.000Z", durationMs: (operations / perSecond) * 1000 + 2000, defect: "" };
  return {
    ...{
      version: 1,
      tool: "runproof",
      ...about,
      commit: "",
      target: "made up",
      driver: "process",
      defectWhat: "",
      environment: {},
      exit: 1,
      sometimes: [],
    },
    claims: [{ ...claim, verdict: "violated", summary: text, decidedBy: [largeExperiment] }],
    experiments: [
      {
        ...{
          experiment: largeExperiment,
          title: "A large run",
          repeat: "",
          assumptions: [],
          coverage: [],
          sometimes: [],
          load: {},
          failure: "",
          ...about,
        },
        claims: [{ claim: "LG-5", verdict: "violated", summary: text, checks: [check] }],
      },
    ],
  };
}
