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

test("connections that are given a longer life later are no older than that, and each life is a bound of its own", () => {
  const given = (on: string, from: number, value: number, id: string) =>
    injected("reconfigure", on, from, from + 12_000, id).map((event) => (event.phase === "biting" ? { ...event, numbers: { value } } : event));
  const twice = [...given("api", 10_000, 4000, "reconfigure#1"), ...given("api", 30_000, 60_000, "reconfigure#2")];
  expect(connectionsRecycled(evidence({ faults: twice, samples: [sample(20_000, 3000), sample(70_000, 30_000)] })).verdict).toBe("holds");
  expect(connectionsRecycled(evidence({ faults: twice, samples: [sample(20_000, 9000), sample(70_000, 30_000)] })).verdict).toBe("violated");
  const both = [...given("api", 10_000, 4000, "reconfigure#1"), ...given("queue", 10_000, 20_000, "reconfigure#2")];
  const old = sample(60_000, 40_000, "postgres queue-1");
  expect(connectionsRecycled(evidence({ faults: both, samples: [old], lagMs: 1500 }))).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("is to live for 20000 ms"),
  });
});
