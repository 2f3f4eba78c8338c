import { expect, test } from "vitest";
import type { Sample } from "../core/records.ts";
import { connectionsRecycled } from "./connections-recycled.ts";
import { evidence, injected } from "./fixtures.ts";

const faults = injected("reconfigure", "api", 10_000, 22_000).map((event) =>
  event.phase === "biting" ? { ...event, numbers: { value: 4000 } } : event,
);
const sample = (time: number, oldestSessionMs: number, source = "postgres api-1"): Sample => ({
  time,
  source,
  values: { connections: 3, oldestSessionMs },
});
const judged = (samples: readonly Sample[], lagMs = 5) => connectionsRecycled(evidence({ faults, samples, lagMs }));

test("sessions that are replaced in time, and those of others", () => {
  expect(judged([sample(12_000, 9000), sample(16_000, 4900), sample(20_000, 60_000, "postgres queue-1")])).toMatchObject({
    verdict: "holds",
    examined: 1,
  });
});

test("a session that outlives its time", () => {
  expect(judged([sample(20_000, 9000)]).summary).toContain("api-1 had a session of 9000 ms at 20.000 s, and a connection is to live for 4000 ms.");
});

test("nothing looked at, or timers that lag, decide nothing", () => {
  expect([judged([]).verdict, judged([sample(12_000, 9000)]).verdict, judged([sample(20_000, 12_000)], 1200).verdict]).toEqual(
    new Array(3).fill("inconclusive"),
  );
});
