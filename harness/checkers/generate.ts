/** Generates evidence of correct executions under faults, for the judges' tests: none of them may ever be accused. Pure, given a Random. */
import type { Json } from "../core/history.ts";
import type { Random } from "../core/random.ts";
import type { Evidence } from "../core/verdict.ts";
import { constants } from "./fixtures.ts";
import { executeRuns, type Run, setStatus } from "./simulated-runs.ts";
import { type Agent, takeTurn } from "./simulated-turns.ts";
import { type Instance, instance, strike, type World, world } from "./simulator.ts";
import { isTerminal } from "./trail.ts";

export interface GenerateOptions {
  readonly runs?: number;
  readonly turns?: number;
  /** Time over which load and faults are spread (ms); three times as long again is recorded. */
  readonly loadMs?: number;
}

/** Runs on three queue instances and turns through three api instances, while instances are killed, stopped and cut off from Redis. */
export function generate(random: Random, { runs = 25, turns = 25, loadMs = 15_000 }: GenerateOptions = {}): Evidence {
  const deltaMs = 2;
  const sim = world(random, deltaMs);
  const queues = [1, 2, 3].map((i) => instance(`queue-${i}`));
  const apis = [1, 2, 3].map((i) => instance(`api-${i}`));
  const endsAt = loadMs * 4 + 60_000;
  for (const [i, victim] of [...queues, ...apis].entries()) plan(sim, victim, i, loadMs);
  const all: Run[] = [];
  for (let i = 0; i < runs; i++) sim.after(sim.between(0, loadMs), () => create(sim, apis, all, i));
  // Looking for work when none can come any more would only take time.
  executeRuns(sim, queues, all, () => sim.now() <= loadMs + 100 || all.some((run) => !isTerminal(run.status)));
  const agents = [1, 2].map((i): Agent => ({ id: `agent-${i}`, lock: null, fence: 0, version: 0 }));
  const tokens = { last: 0 };
  for (let i = 0; i < turns; i++) {
    const thinkMs = sim.random.pick([20, 300, 1500]);
    sim.after(sim.between(0, loadMs), () => turn(sim, apis, sim.random.pick(agents), tokens, `turner-${i}`, thinkMs));
  }
  sim.run(endsAt);
  return { ...sim.records, samples: [], notices: [], constants, endsAt, cutOff: false, deltaMs, lagMs: 4, scheduledPerSecond: 0 };
}

/** None, one or two faults of an instance, one after the other. */
function plan(sim: World, victim: Instance, index: number, loadMs: number): void {
  const kinds = victim.name.startsWith("queue") ? (["kill", "pause", "partition"] as const) : (["kill", "pause"] as const);
  let from = sim.between(500, loadMs);
  for (let i = 0; i < sim.random.integer(0, 2); i++) {
    const kind = sim.random.pick(kinds);
    const forMs = sim.between(200, 9000);
    strike(sim, victim, kind, `${kind}#${index}${i}`, from, forMs);
    from += forMs + sim.between(500, 4000);
  }
}

function create(sim: World, apis: readonly Instance[], all: Run[], i: number): void {
  const steps = sim.random.integer(1, 6);
  const run: Run = { id: `r${i}`, steps, stepMs: sim.random.pick([10, 80, 900, 2500]), status: "", attempt: 0, handler: "", waiters: new Set() };
  const api = sim.random.pick(apis).name;
  const call = (process: string, outcome: "ok" | "fail" | "info"): void => {
    const invokedAt = sim.now();
    const answeredAt = invokedAt + 8;
    const completedAt = outcome === "info" ? Number.POSITIVE_INFINITY : answeredAt;
    const output: Json = outcome === "ok" ? { run: run.id, status: "pending" } : null;
    const rest = { intendedAt: invokedAt - 1, invokedAt, completedAt, answeredAt, outcome, error: "", by: api };
    sim.operation({
      process,
      f: "create",
      key: `key-${i}`,
      input: { key: `key-${i}`, steps },
      output,
      served: outcome === "ok" ? "yes" : "error",
      ...rest,
    });
  };
  const insert = (): void => {
    run.status = "pending";
    sim.change({ subject: run.id, from: null, to: "pending", attempt: 0, handler: "", by: api });
    all.push(run);
  };
  const outcome = sim.random.pick(["ok", "ok", "ok", "ok", "ok", "ok", "info", "info", "fail"] as const);
  call(`creator-${i}`, outcome);
  if (outcome === "fail" || (outcome === "info" && sim.chance(0.5))) return;
  sim.after(4, insert);
  if (sim.chance(0.2)) sim.after(sim.between(10, 500), () => call(`again-${i}`, "ok"));
  if (sim.chance(0.1)) sim.after(sim.between(10, 3000), () => run.attempt >= 0 && ask(sim, run, "cancel", `canceller-${i}`, api));
  if (outcome === "ok") sim.after(10, () => ask(sim, run, "wait", `creator-${i}`, api));
  for (let read = 0; read < 3; read++) sim.after(sim.between(10, 12_000), () => ask(sim, run, "get", `reader-${i}-${read}`, api));
}

/** A question about a run's state, answered from the row as it is at some time between the call and the answer. */
function ask(sim: World, run: Run, f: "get" | "wait" | "cancel", process: string, by: string): void {
  const invokedAt = sim.now();
  const answer = (): void => {
    const { status } = run;
    const ended = isTerminal(status);
    if (f === "cancel" && !ended) setStatus(sim, run, "cancelled", by);
    const ok = f !== "cancel" || !ended;
    const output: Json = ok ? { status: run.status } : null;
    sim.after(sim.between(0, 5), () => {
      const answeredAt = sim.now();
      const rest = { intendedAt: invokedAt, invokedAt, completedAt: answeredAt, answeredAt, error: "", by };
      sim.operation({ process, f, key: run.id, input: { run: run.id }, output, outcome: ok ? "ok" : "fail", served: ok ? "yes" : "shed", ...rest });
    });
  };
  if (f !== "wait" || isTerminal(run.status)) {
    sim.after(sim.between(1, 5), answer);
    return;
  }
  let asked = true;
  const once = (): void => {
    if (asked) answer();
    asked = false;
  };
  run.waiters.add(once);
  sim.after(5000, once);
}

function turn(sim: World, apis: readonly Instance[], agent: Agent, tokens: { last: number }, process: string, thinkMs: number): void {
  const up = apis.filter((api) => api.alive);
  if (up.length > 0) takeTurn(sim, sim.random.pick(up), agent, tokens, process, thinkMs);
}
