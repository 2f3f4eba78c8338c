/** What the balancer's log tells of one instance: how many requests to it failed, and whether the balancer left it alone. Pure. */
import type { BalancedRequest } from "../../core/target.ts";

/** Requests before the first failure that show how often the instance was asked. */
const before = 100;

export interface FailuresCounted {
  /** Requests by which it was asked. */
  readonly asked: number;
  /** Of these, those that certainly failed, and those that may have, since the log began. */
  readonly failed: number;
  readonly failedAtMost: number;
  /** Of the last hundred requests before the first that may have failed, those by which it was asked. */
  readonly askedOfHundredBefore: number;
  /** The most failures of requests to it that were certainly over, but for no longer than the time, before another one began by which it was asked. */
  readonly failedBeforeAsked: number;
  /** Requests that began after the last one by which it was asked was over, and that another instance answered; how long that went on (ms). */
  readonly othersSince: number;
  readonly sinceMs: number;
}

/** `withinMs`: a failure longer ago than this counts no more. */
export function failuresCounted(requests: readonly BalancedRequest[], instance: string, withinMs: number): FailuresCounted {
  const asks = ({ tries }: BalancedRequest): boolean => tries.some(({ on }) => on === instance);
  const had = (request: BalancedRequest, outcome: string): boolean => request.tries.some((one) => one.on === instance && one.outcome === outcome);
  const asked = requests.filter(asks);
  const failed = asked.filter((request) => had(request, "failed"));
  const mayHaveFailed = (request: BalancedRequest): boolean => had(request, "failed") || had(request, "unknown");
  const first = requests.findIndex(mayHaveFailed);
  const lastAt = asked.reduce((latest, { endedAt }) => Math.max(latest, endedAt), Number.NEGATIVE_INFINITY);
  const since = requests.filter(
    ({ beganAt, tries }) => beganAt > lastAt && tries.some(({ on, outcome }) => on !== instance && outcome === "answered"),
  );
  // Workers have a clock each, which stands still while they are busy: only within one is earlier certainly earlier.
  const countedBefore = ({ worker, beganAt, endedAt }: BalancedRequest): number =>
    failed.filter((one) => one.worker === worker && one.endedAt < beganAt && endedAt - one.beganAt <= withinMs).length;
  return {
    asked: asked.length,
    failed: failed.length,
    failedAtMost: asked.filter(mayHaveFailed).length,
    askedOfHundredBefore: first < 0 ? 0 : requests.slice(Math.max(0, first - before), first).filter(asks).length,
    failedBeforeAsked: asked.reduce((most, request) => Math.max(most, countedBefore(request)), 0),
    othersSince: asked.length === 0 ? 0 : since.length,
    sinceMs: asked.length === 0 ? 0 : since.reduce((latest, { endedAt }) => Math.max(latest, endedAt - lastAt), 0),
  };
}
