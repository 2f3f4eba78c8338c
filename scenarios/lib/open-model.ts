/**
 * The open model: operations start at a fixed rate whatever the answers, so a slow system cannot slow down the load that shows its slowness.
 * Beside the load one virtual user keeps time, and at the end k6's own figures go where the harness looks for them.
 */
import exec from "k6/execution";
import http from "k6/http";
import { now, write } from "./perform.ts";

declare const __ENV: Record<string, string>;

/** Longer than any experiment: the harness ends k6 when it is over. */
const duration = "600s";

const droppedOfLoad = "dropped_iterations{scenario:load}";

/** k6's options for a load of `perSecond` iterations of the scenario's default function. Enough virtual users are ready for an outage of some seconds: starting more takes k6 so long that it drops iterations. */
export function openModel(perSecond: number) {
  const load = {
    executor: "constant-arrival-rate",
    rate: perSecond,
    timeUnit: "1s",
    duration,
    preAllocatedVUs: 450,
    maxVUs: 1000,
    gracefulStop: "30s",
  };
  const timekeeper = { ...load, exec: "keepTime", rate: 10, preAllocatedVUs: 5, maxVUs: 5, gracefulStop: "0s" };
  // k6 tells figures of one scenario apart only where a threshold names them. A beat that is late on a busy machine is no dropped operation.
  return { scenarios: { load, timekeeper }, thresholds: { [droppedOfLoad]: ["count>=0"] } };
}

/** What `exec.scenario.startTime` (wall clock) is on the recorder's clock; each VU works it out once, to 1 ms. */
let scenarioStart: number | undefined;

/** When the open-model schedule wanted this iteration to begin (ms on the recorder's clock). */
export function intendedStart(perSecond: number): number {
  scenarioStart ??= now() - (Date.now() - exec.scenario.startTime);
  return scenarioStart + (exec.scenario.iterationInTest * 1000) / perSecond;
}

/** Pairs k6's clock with the harness's, and shows every 100 ms that this recorder still lives. Runs in a VU of its own. */
export function keepTime(): void {
  const sent = now();
  if (exec.scenario.iterationInTest % 10 === 0) {
    const answer = http.get(`${__ENV.CLOCK_URL}`, { timeout: 1000, tags: { harness: "clock" } });
    const received = now();
    const harness = Number(answer.body);
    if (answer.status === 200 && Number.isFinite(harness))
      write({ type: "clock", time: (sent + received) / 2, harness, delta: (received - sent) / 2 });
  }
  write({ type: "beat", time: now() });
}

export function handleSummary(data: { metrics: Record<string, { values: Record<string, number> }> }): Record<string, string> {
  const value = (metric: string, field: string): number => data.metrics[metric]?.values[field] ?? 0;
  const facts = {
    operationsCompleted: value("operations_completed", "count"),
    scriptExceptions: value("script_exceptions", "count"),
    droppedIterations: value(droppedOfLoad, "count"),
    vusMax: value("vus_max", "max"),
  };
  return { [`${__ENV.SUMMARY}`]: JSON.stringify(facts) };
}
