import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { type Random, seeded } from "../core/random.ts";
import { broadcast } from "./broadcast.ts";
import { executions } from "./executions.ts";
import { evidence, operation, sample } from "./fixtures.ts";
import { some } from "./property.ts";

const check = broadcast({ graceMs: 500, published: "publish" });
const judged = (...operations: readonly Operation[]) => check(evidence({ operations }));
const publish = (message: string, invokedAt: number, outcome: "ok" | "info" = "ok") =>
  operation({ f: "publish", key: "a", invokedAt, outcome, input: { message } });
const subscribe = (process: string, connectedAt: number, closedAt: number, ...messages: readonly (readonly [string, number])[]) => {
  const received = messages.map(([message, at]) => ({ message, at }));
  return operation({
    f: "subscribe",
    key: "a",
    process,
    invokedAt: connectedAt - 50,
    completedAt: closedAt,
    output: { connectedAt, closedAt, messages: received },
  });
};

test("messages that reach whoever is connected hold", () => {
  const answer = judged(
    publish("m1", 1000),
    publish("m2", 2000),
    subscribe("c1", 100, 9000, ["m1", 1020], ["m2", 2020]),
    subscribe("c2", 1500, 9000, ["m2", 2030]),
  );
  expect(answer).toMatchObject({ verdict: "holds", examined: 2, numbers: { stable: 2, lost: 0, neverRead: 0, deliveryMaxMs: 30 } });
});

test("a message that misses a connected client violates, and the sentence says how long it was connected", () => {
  const answer = judged(publish("m1", 1000), subscribe("c1", 100, 9000, ["m1", 1020]), subscribe("c2", 100, 9000));
  expect(answer.verdict).toBe("violated");
  expect(answer.summary).toContain("never reached c2 (operation 0), connected from 0.100 s to 9.000 s; 1 other clients got it");
});

test("a message that did not come on processors without time left is in doubt, one that came twice is not", () => {
  const samples = Array.from({ length: 20 }, (_, i) => sample(500 * i, "machine", { busyTicks: 99, processorTicks: 100 }));
  const busy = (...operations: readonly Operation[]) => check(evidence({ operations, samples }));
  expect(busy(publish("m1", 1000), subscribe("c1", 100, 9000, ["m1", 1020]), subscribe("c2", 100, 9000))).toMatchObject({
    verdict: "inconclusive",
    summary: expect.stringContaining("never reached c2"),
  });
  expect(busy(publish("m1", 1000), subscribe("c1", 100, 9000, ["m1", 1020], ["m1", 1030])).verdict).toBe("violated");
});

test("a client that was let in and is told nothing for long is owed what is said then; who was not let in, or left soon, is not", () => {
  const silent = (by: string, closedAt: number) =>
    operation({
      f: "subscribe",
      key: "a",
      process: "c2",
      invokedAt: 100,
      answeredAt: closedAt,
      outcome: "info",
      by,
      output: { connectedAt: null, closedAt, messages: [] },
    });
  const heard = subscribe("c1", 100, 29_000, ["m1", 20_020]);
  expect(judged(publish("m1", 20_000), heard, silent("api-3", 29_000))).toMatchObject({ verdict: "violated", numbers: { lost: 1 } });
  expect(judged(publish("m1", 20_000), heard, silent("", 29_000)).verdict).toBe("holds");
  expect(judged(publish("m1", 15_050), subscribe("c1", 100, 29_000, ["m1", 15_060]), silent("api-3", 29_000)).verdict).toBe("holds");
  expect(judged(publish("m1", 20_000), heard, silent("api-3", 20_300)).verdict).toBe("holds");
});

test("a client that connects or leaves meanwhile, and a message of unknown outcome, owe nothing", () => {
  const late = [subscribe("c2", 1001, 9000), subscribe("c3", 100, 1400), subscribe("c4", 999, 9000)];
  expect(judged(publish("m1", 1000), subscribe("c1", 100, 9000, ["m1", 1020]), ...late).verdict).toBe("holds");
  expect(judged(publish("m1", 1000, "info"), subscribe("c1", 100, 9000)).verdict).toBe("inconclusive");
  expect(judged(publish("m1", 1000, "info"), subscribe("c1", 100, 9000, ["m1", 5000])).verdict).toBe("holds");
});

test("duplicates, strangers and a wrong order violate; concurrent messages have no order", () => {
  expect(judged(publish("m1", 1000), subscribe("c1", 100, 9000, ["m1", 1020], ["m1", 1030])).summary).toContain(
    "again, at 1.030 s, and was published once",
  );
  expect(judged(publish("m1", 1000), subscribe("c1", 100, 9000, ["m1", 1020], ["m9", 1030])).summary).toContain("nobody had published it");
  expect(judged(publish("m1", 1000), publish("m2", 2000), subscribe("c1", 100, 9000, ["m2", 2020], ["m1", 2030])).numbers).toMatchObject({
    misordered: 1,
  });
  expect(judged(publish("m1", 1000), publish("m2", 1005), subscribe("c1", 100, 9000, ["m2", 1020], ["m1", 1030])).verdict).toBe("holds");
});

test("a message that was published again after a lost answer may come as often, and whenever", () => {
  const again = [publish("m1", 1000, "info"), publish("m2", 2000), publish("m1", 3000)];
  expect(judged(...again, subscribe("c1", 100, 9000, ["m1", 1020], ["m2", 2020], ["m1", 3020])).verdict).toBe("holds");
  expect(judged(...again, subscribe("c1", 100, 9000, ["m1", 1020], ["m2", 2020])).verdict).toBe("holds");
  expect(judged(...again, subscribe("c1", 100, 9000, ["m1", 1020], ["m1", 1030], ["m2", 2020], ["m1", 3020])).summary).toContain("published 2 times");
});

test("nothing published, or nobody connected, is inconclusive", () => {
  expect(judged().verdict).toBe("inconclusive");
  expect(judged(publish("m1", 1000)).verdict).toBe("inconclusive");
});

/** Clients that come and go, and messages that reach whoever is there. */
function correct(random: Random): Operation[] {
  const messages = Array.from({ length: random.integer(1, 12) }, (_, i) => ({ name: `m${i}`, at: 1000 + i * 200 + random.integer(0, 199) }));
  const outcomes = messages.map(() => random.pick(["ok", "ok", "ok", "info"] as const));
  const clients = [1, 2, 3].map((client) => {
    const from = random.integer(0, 3000);
    const to = from + random.integer(100, 5000);
    const received = messages
      .filter(({ at }, i) => at + 5 >= from && at + 5 <= to && (outcomes[i] === "ok" || random.next() < 0.5))
      .map(({ name, at }) => [name, at + 5] as const);
    return subscribe(`c${client}`, from, to, ...received);
  });
  return [...messages.map(({ name, at }, i) => publish(name, at, outcomes[i] as "ok" | "info")), ...clients];
}

test("correct broadcasts are never accused, and a message that is taken out or repeated is always found", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const operations = correct(seeded(seed));
      const answer = judged(...operations);
      if (answer.verdict === "violated") throw new Error(answer.summary);
      expect(judged(...seeded(seed, "order").shuffle(operations)).verdict).toBe(answer.verdict);
      const messagesOf = (one: Operation) =>
        (one.output as unknown as { readonly messages: readonly { readonly message: string; readonly at: number }[] }).messages;
      const victim = some(seeded(seed, "victim"), operations, (one) => one.f === "subscribe" && messagesOf(one).length > 0);
      if (!victim) return;
      const twice = {
        ...victim,
        output: { ...(victim.output as object), messages: [...messagesOf(victim), messagesOf(victim)[0] as { message: string; at: number }] },
      };
      expect(judged(...operations.map((one) => (one === victim ? twice : one))).verdict).toBe("violated");
      const reliable = subscribe("c9", 0, 20_000);
      const acknowledged = operations.some((one) => one.f === "publish" && one.outcome === "ok");
      if (acknowledged) expect(judged(...operations, reliable).verdict).toBe("violated");
    }),
    { numRuns: executions },
  );
});
