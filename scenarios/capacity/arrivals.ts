/**
 * The arrivals of a capacity run: the open model at any rate, fractions included, with as many virtual users as the harness allows; the closed model, in which
 * each of CLIENTS starts anew as soon as it has its answer; or users that come and go in STAGES.
 */
declare const __ENV: Record<string, string>;

export const perSecond = Number(__ENV.PER_SECOND);
const clients = Number(__ENV.CLIENTS ?? 0);
const vus = Number(__ENV.VUS ?? 50);
const stages = JSON.parse(__ENV.STAGES ?? "[]") as readonly { readonly duration: string; readonly target: number }[];
/** k6 takes whole numbers of iterations in a unit of time. */
const unitSeconds = 1000;

export const hasSchedule = clients === 0 && stages.length === 0;

/** k6's options, from those of the open model at 1/s. */
export function arrivals<Timekeeper, Thresholds>(model: {
  readonly scenarios: { readonly load: { readonly duration: string; readonly gracefulStop: string }; readonly timekeeper: Timekeeper };
  readonly thresholds: Thresholds;
}) {
  const { load, timekeeper } = model.scenarios;
  const { duration, gracefulStop } = load;
  const open = { ...load, rate: Math.round(perSecond * unitSeconds), timeUnit: `${unitSeconds}s`, preAllocatedVUs: vus, maxVUs: vus };
  const closed = { executor: "constant-vus", vus: clients, duration, gracefulStop };
  const staged = { executor: "ramping-vus", startVUs: 1, stages, gracefulStop };
  return {
    scenarios: { load: stages.length > 0 ? staged : clients > 0 ? closed : open, timekeeper },
    thresholds: model.thresholds,
  };
}
