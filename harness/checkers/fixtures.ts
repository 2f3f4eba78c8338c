/** Short ways to write evidence down in tests. */
import type { Json, Operation } from "../core/history.ts";
import type { FaultEvent, FaultPhase, LedgerEntry, ResourceWrite, Sample, Transition } from "../core/records.ts";
import type { Evidence } from "../core/verdict.ts";

export const constants = { heartbeatTimeoutMs: 5000, sweepIntervalMs: 1000, runsPerInstance: 10, outageBudgetMs: 5000, lockLeaseMs: 3000 };

/** Evidence of nothing, but for what is given; it ends at 100 s. */
export function evidence(given: Partial<Evidence> = {}): Evidence {
  const none = { operations: [], ledger: [], transitions: [], writes: [], faults: [], samples: [], notices: [] };
  return { ...none, constants, endsAt: 100_000, cutOff: false, deltaMs: 2, lagMs: 5, scheduledPerSecond: 0, ...given };
}

export type Line = readonly [time: number, kind: LedgerEntry["kind"], subject: string, token: number, instance: string, step?: number];

/** A ledger in the order given; a section for each subject, token and instance. */
export function ledger(scope: LedgerEntry["scope"], ...lines: readonly Line[]): LedgerEntry[] {
  return lines.map(([time, kind, subject, token, instance, step = 0], seq) => {
    return { seq, time, kind, scope, subject, token, instance, section: `${subject}/${token}/${instance}`, step, nonce: `n${seq}` };
  });
}

export type Change = readonly [time: number, subject: string, from: string | null, to: string, attempt: number, handler: string, by: string];

/** An audit trail in the order given. */
export function trail(...changes: readonly Change[]): Transition[] {
  return changes.map(([time, subject, from, to, attempt, handler, by], seq) => ({ seq, time, subject, from, to, attempt, handler, by }));
}

export function operation(given: Partial<Operation> & Pick<Operation, "f" | "invokedAt">): Operation {
  const answeredAt = given.answeredAt ?? given.completedAt ?? given.invokedAt + 10;
  const outcome = given.outcome ?? "ok";
  return {
    index: 0,
    process: "p1",
    key: "",
    input: null,
    output: null,
    intendedAt: given.invokedAt,
    answeredAt,
    completedAt: outcome === "info" ? Number.POSITIVE_INFINITY : answeredAt,
    outcome,
    served: outcome === "ok" ? "yes" : "error",
    error: "",
    by: "api-1",
    ...given,
  };
}

/** An acknowledged create. */
export function created(run: string, invokedAt: number, input: Json = { steps: 1 }, key = `key-${run}`): Operation {
  return operation({ f: "create", invokedAt, input, output: { run, status: "pending" }, key });
}

/** An injection that went as planned: requested, biting 20 ms later, healing, healed 20 ms later. */
export function injected(fault: string, on: string, from: number, to: number, id = `${fault}#1`): FaultEvent[] {
  const phases: readonly (readonly [number, FaultPhase])[] = [
    [from, "requested"],
    [from + 20, "biting"],
    [to, "healing"],
    [to + 20, "healed"],
  ];
  return phases.map(([time, phase]) => ({ time, id, fault, on, phase, evidence: "", working: phase === "requested" ? ["run r1 attempt 1"] : [] }));
}

/** Writes as accepted: time, subject, token, version, by. */
export function writes(...all: readonly (readonly [number, string, number, number, string])[]): ResourceWrite[] {
  return all.map(([time, subject, token, version, by], seq) => ({ seq, time, subject, token, version, by }));
}

/** A timer was late at `far`, and nobody's at `near`: what is missed there has no excuse. */
export function lateElsewhere(near: number, far: number, lagMs: number): Pick<Evidence, "lagMs" | "samples"> {
  return { lagMs, samples: [sample(near, "harness", { lagMs: 2 }), sample(far, "api-9", { lagMs })] };
}

export function sample(time: number, source: string, values: Record<string, number>): Sample {
  return { time, source, values };
}
