import { describe, expect, it } from "vitest";
import { type InstanceLimit, type Loaded, nameLimit, type Usage } from "./limit.ts";

const limits: readonly InstanceLimit[] = [
  { by: "pool", what: "connections", role: "queue", inUse: "poolCheckedOut", waiting: "poolWaiting", perInstance: 10 },
  { by: "instance limit", what: "runs at a time", role: "queue", inUse: "runs", perInstance: 10 },
];

/** Two queue instances that execute so many runs each, and two behind the balancer. */
function usage(gauges: Readonly<Record<string, number>>, more: Partial<Usage> = {}): Usage {
  return {
    ...{ cores: 2, busyCores: 0.8, generatorCores: 0.1, databaseCores: 0.2, othersCores: 0, locksWaiting: 0 },
    instances: [
      ...["queue-1", "queue-2"].map((name) => ({
        name,
        role: "queue",
        cores: 0.1,
        gauges: { poolCheckedOut: 1, poolWaiting: 0, runs: 2, ...gauges },
      })),
      ...["api-1", "api-2"].map((name) => ({ name, role: "api", cores: 0.1, gauges: {} })),
    ],
    ...more,
  };
}

const quiet: Loaded = { achievedPerSecond: 8, p50Ms: 505, usage: usage({ runs: 2 }) };
const named = (achievedPerSecond: number, p50Ms: number, seen: Usage): string =>
  nameLimit({ achievedPerSecond, p50Ms, usage: seen }, quiet, limits, 2).by;

describe("what keeps a deployment from more", () => {
  it("is the pool where somebody waits for a connection and all are taken, even if places are full of those who wait", () => {
    expect(named(20, 3000, usage({ runs: 10, poolCheckedOut: 10, poolWaiting: 4 }))).toBe("pool");
    expect(named(39, 2000, usage({ runs: 10, poolCheckedOut: 6, poolWaiting: 0.2 }))).toBe("instance limit");
  });

  it("is the places where all are taken for no longer than work takes", () => {
    const { by, evidence } = nameLimit({ achievedPerSecond: 39, p50Ms: 2000, usage: usage({ runs: 10 }) }, quiet, limits, 2);
    expect([by, evidence]).toEqual(["instance limit", "10.0 of 10 runs at a time of queue instances were in use on average"]);
  });

  it("is the processor where places are full because all in them is slow", () => {
    expect(named(15, 4000, usage({ runs: 10 }, { busyCores: 1.95 }))).toBe("cpu");
    const one = usage({});
    expect(
      named(60, 4000, { ...one, instances: one.instances.map((instance) => ({ ...instance, cores: instance.name === "api-1" ? 0.97 : 0.1 })) }),
    ).toBe("cpu");
  });

  it("is the database where sessions wait for its locks", () => {
    expect(named(15, 4000, usage({ runs: 4 }, { locksWaiting: 3 }))).toBe("database");
  });

  it("is a serial section where one is served at a time while nothing is used up", () => {
    const { by, evidence } = nameLimit({ achievedPerSecond: 3.8, p50Ms: 4000, usage: usage({ runs: 1 }) }, quiet, limits, 2);
    expect([by, evidence]).toEqual([
      "serial section",
      "3.8/s of 505 ms are 1.9 at a time, one on each of 2 instances, while processors, pools and places were free",
    ]);
    expect(named(2, 4000, usage({ runs: 1 }))).toBe("serial section");
    // Places full of those who wait for each other, beside other programs that keep the machine busy.
    expect(named(3.8, 4000, usage({ runs: 10 }, { busyCores: 1.95, othersCores: 1.5 }))).toBe("serial section");
  });

  it("is unknown where nothing that is sampled was used up", () => {
    expect(named(30, 900, usage({ runs: 5 }))).toBe("unknown");
  });
});
