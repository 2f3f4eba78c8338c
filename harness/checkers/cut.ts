/** The record of a harness that was killed, as far as all of its recorders saw (SEMANTICS, "History and time"). */
import type { Operation } from "../core/history.ts";
import type { Evidence } from "../core/verdict.ts";

/**
 * The evidence up to `at` (ms), the earliest last beat of all recorders. Operations that were open then are unknown. The audit trail is told by another
 * clock, so of its last moments, in which a cause may look later than its effect, only the trail itself is kept; nothing is due there.
 */
export function cutOff(evidence: Evidence, at: number): Evidence {
  const endsAt = at - 2 * evidence.deltaMs;
  const by = (time: number) => (record: { readonly time: number }) => record.time <= time;
  return {
    ...evidence,
    operations: evidence.operations.filter(({ invokedAt }) => invokedAt <= endsAt).map((operation) => openAt(operation, endsAt)),
    ledger: evidence.ledger.filter(by(endsAt)),
    transitions: evidence.transitions.filter(by(at)),
    writes: evidence.writes.filter(by(at)),
    faults: evidence.faults.filter(by(endsAt)),
    samples: evidence.samples.filter(by(endsAt)),
    notices: evidence.notices.filter(by(endsAt)),
    endsAt,
    cutOff: true,
  };
}

/** The operation as it stood at that time (ms): of one that was not answered by then nothing is known. */
export function openAt(operation: Operation, time: number): Operation {
  if (operation.answeredAt <= time) return operation;
  const never = Number.POSITIVE_INFINITY;
  return { ...operation, output: null, outcome: "info", served: "error", error: "", by: "", completedAt: never, answeredAt: never };
}
