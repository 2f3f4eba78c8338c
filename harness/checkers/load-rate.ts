/** What the open-model schedule started, as opposed to what followed from it. */
import type { Operation } from "../core/history.ts";

/**
 * The operations whose start the schedule wanted at a certain moment. An operation that waits for its client's previous one has no intended start
 * of its own, so it stands at its invocation; in a history without a schedule all operations do, and then all count.
 */
export function scheduledOnly(operations: readonly Operation[]): readonly Operation[] {
  const scheduled = operations.filter((operation) => operation.intendedAt !== operation.invokedAt);
  return scheduled.length > 0 ? scheduled : operations;
}

/** Whether a rate keeps the schedule: within 10 % (SEMANTICS, "Faults and load"). A load without a schedule (0) always does. */
export function keepsRate(perSecond: number, scheduledPerSecond: number): boolean {
  return scheduledPerSecond <= 0 || Math.abs(perSecond - scheduledPerSecond) <= 0.1 * scheduledPerSecond;
}

/** The end of the load (ms): the last moment an operation was wanted or begun; -Infinity without operations. */
export function loadEndsAt(operations: readonly Operation[]): number {
  return operations.reduce((last, { intendedAt, invokedAt }) => Math.max(last, intendedAt, invokedAt), Number.NEGATIVE_INFINITY);
}
