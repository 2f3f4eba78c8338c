import fc from "fast-check";
import { expect, test } from "vitest";
import type { Checker } from "../core/verdict.ts";
import { evidence, injected, lateElsewhere, sample } from "./fixtures.ts";
import {
  connectionsSuffice,
  databaseRestartsNobody,
  graceIsEnough,
  listensInTime,
  podsComeUp,
  saysNumbers,
  serviceLeadsToPods,
  settingsAreRead,
} from "./manifests-followed.ts";

const well = {
  ...{ dangling: 0, "says servicePort": 80, "says containerPort": 8000, serviceAsked: 20, serviceAnswered: 20 },
  ...{ "api-1 restartedAlive": 0, "api-1 restarted": 0, "api-1 ended": 0, "api-1 readyAfterMs": 11_000, "api-1 listensAfterMs": 2000 },
  ...{ "says connectionsAtMost": 150, "says connectionsAllowed": 197 },
  ...{ "setting HOST heeded": 1, "setting POOL_SIZE heeded": 1 },
  ...{ "api-1 restartedAliveWithoutDatabase": 0, "api-1 restartedWithoutDatabase": 0, "api-1 endedWithoutDatabase": 0 },
  ...{ "api-1 saidReadyWithoutDatabase": 0, "api-1 back": 1 },
  ...{ "api-1 endedAfterMs": 14_000, "api-1 killed": 0, "api-1 graceMs": 40_000, requestsUnderWay: 4, requestsAnswered: 4 },
};
const all = {
  podsComeUp,
  settingsAreRead,
  databaseRestartsNobody,
  graceIsEnough,
  serviceLeadsToPods,
  numbers: saysNumbers({ servicePort: 80, containerPort: 8000 }),
  listens: listensInTime({ withinMs: 30_000 }),
  connectionsSuffice,
};

function judged(checker: Checker, changes: Readonly<Record<string, number | undefined>> = {}, more = {}) {
  const numbers = Object.fromEntries(
    Object.entries({ ...well, ...changes }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const faults = injected("follow-the-manifests", "manifests", 1000, 90_000).map((event) =>
    event.phase === "biting" ? { ...event, numbers } : event,
  );
  return checker(evidence({ faults, ...more }));
}

test.each(Object.entries(all))("%s holds of pods that are well, and says nothing where nobody looked or nothing was noted", (_, checker) => {
  expect(judged(checker)).toMatchObject({ verdict: "holds", count: 0 });
  expect(checker(evidence()).verdict).toBe("inconclusive");
  const nothing = Object.fromEntries(Object.keys(well).map((key) => [key, undefined]));
  expect(judged(checker, nothing).verdict).toBe("inconclusive");
});

test.each<[string, Checker, Record<string, number | undefined>, string]>([
  ["a reference that leads nowhere", podsComeUp, { dangling: 1 }, "1 references among the manifests lead nowhere"],
  ["a restart of the living", podsComeUp, { "api-1 restartedAlive": 2 }, "api-1 was restarted 2 times"],
  ["an end of itself", podsComeUp, { "api-1 readyAfterMs": undefined, "api-1 ended": 3 }, "ended 3 times of itself"],
  ["a readiness probe that never says yes", podsComeUp, { "api-1 readyAfterMs": undefined }, "readiness probe never said yes"],
  ["a setting that nobody reads", settingsAreRead, { "setting POOL_SIZE heeded": 0 }, "POOL_SIZE was given nonsense"],
  [
    "a restart for the database",
    databaseRestartsNobody,
    { "api-1 restartedAliveWithoutDatabase": 1 },
    "restarted 1 times for its liveness probe while",
  ],
  ["an end for the database", databaseRestartsNobody, { "api-1 endedWithoutDatabase": 1 }, "ended 1 times of itself while Postgres was down"],
  ["readiness without the database", databaseRestartsNobody, { "api-1 saidReadyWithoutDatabase": 1 }, "kept in the Service"],
  ["who does not come back", databaseRestartsNobody, { "api-1 back": 0 }, "did not come back"],
  ["a grace that is too short", graceIsEnough, { "api-1 killed": 1 }, "killed when its grace of 40000 ms was over"],
  ["a request that is cut off", graceIsEnough, { requestsAnswered: 3 }, "1 of 4 requests under way"],
  ["a Service that leads nowhere", serviceLeadsToPods, { serviceAnswered: 0 }, "None of 20 requests"],
  ["another number", all.numbers, { "says containerPort": 8080 }, "say 8080 of containerPort, and 8000 is claimed"],
  ["a number that is not said", all.numbers, { "says servicePort": undefined }, "say nothing of servicePort"],
  ["more pools than connections", connectionsSuffice, { "says connectionsAllowed": 97 }, "may open 150 connections, and Postgres allows them 97"],
  ["who listens late", all.listens, { "api-1 listensAfterMs": 31_000 }, "listened 31000 ms after its start"],
])("%s violates", (_, checker, changes, text) => {
  const check = judged(checker, changes);
  expect(check).toMatchObject({ verdict: "violated", count: 1 });
  expect(check.summary).toContain(text);
});

test("what a busy machine does to pods accuses nobody", () => {
  // Never brought to life; restarted because nothing came in time; in the middle of that when the database came back.
  expect(judged(podsComeUp, { "api-1 readyAfterMs": undefined, "api-1 listensAfterMs": undefined, "api-1 restarted": 2 }).verdict).toBe(
    "inconclusive",
  );
  expect(judged(podsComeUp, { "api-1 restarted": 2 }).verdict).toBe("holds");
  // The others do not show that it comes up; what one of them did still speaks against it.
  const never = { "queue-1 restartedAlive": 0, "queue-1 restarted": 1, "queue-1 ended": 0 };
  expect(judged(podsComeUp, never).verdict).toBe("inconclusive");
  expect(judged(podsComeUp, { ...never, "api-1 restartedAlive": 2 }).verdict).toBe("violated");
  expect(judged(databaseRestartsNobody, { "api-1 restartedWithoutDatabase": 1, "api-1 back": 0 }).verdict).toBe("holds");
  expect(judged(graceIsEnough, { requestsUnderWay: 0, requestsAnswered: 0 }).verdict).toBe("inconclusive");
});

test("timers that lagged excuse who left the Service late, and nobody who was restarted though alive, or ended", () => {
  const lagged = (changes: Readonly<Record<string, number>>) => judged(databaseRestartsNobody, changes, { lagMs: 800 }).verdict;
  expect(lagged({ "api-1 saidReadyWithoutDatabase": 1 })).toBe("inconclusive");
  expect(lagged({ "api-1 restartedAliveWithoutDatabase": 1 })).toBe("violated");
  expect(lagged({ "api-1 endedWithoutDatabase": 1 })).toBe("violated");
  expect(lagged({ "api-1 back": 0 })).toBe("violated");
  expect(judged(databaseRestartsNobody, { "api-1 back": 0 }, { lagMs: 13_000 }).verdict).toBe("inconclusive");
});

test("each setting that nobody reads is one counterexample", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), (heeded) => {
      const settings = Object.fromEntries(heeded.map((read, i) => [`setting S${i} heeded`, read ? 1 : 0]));
      expect(judged(settingsAreRead, settings).count).toBe(heeded.filter((read) => !read).length);
    }),
  );
});

test("a lag of another time hides no miss, and who was restarted though it said that it was alive is excused by none", () => {
  expect(judged(all.listens, { "api-1 listensAfterMs": 45_000 }, lateElsewhere(20_000, 99_000, 20_000)).verdict).toBe("violated");
  expect(judged(podsComeUp, { "api-1 restartedAlive": 2 }, { lagMs: 13_000 }).verdict).toBe("violated");
});

test("who left the Service late is excused by the bound for that, though another did not come back", () => {
  const look = (from: number, id: string, changes: Readonly<Record<string, number>>) =>
    injected("follow-the-manifests", "manifests", from, from + 90_000, id).map((event) =>
      event.phase === "biting" ? { ...event, numbers: { ...well, ...changes } } : event,
    );
  const faults = [
    ...look(1000, "follow-the-manifests#1", { "api-1 saidReadyWithoutDatabase": 1 }),
    ...look(400_000, "follow-the-manifests#2", { "api-1 back": 0 }),
  ];
  const samples = [sample(1500, "harness", { lagMs: 800 }), sample(400_500, "queue-1", { lagMs: 13_000 })];
  expect(databaseRestartsNobody(evidence({ faults, samples, lagMs: 13_000, endsAt: 600_000 })).verdict).toBe("inconclusive");
});
