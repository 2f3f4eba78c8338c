import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { leastConnectionsSuit } from "./least-connections.ts";
import { neverAccuses } from "./property.ts";

const judge = leastConnectionsSuit({ f: "ask", role: "api", shortMs: 150 });
const slots = 4;
const windows = { least_conn: { from: 1000, to: 30_000 }, round_robin: { from: 32_000, to: 61_000 } };
type Way = keyof typeof windows;
const faults = (Object.keys(windows) as Way[]).flatMap((way, i) =>
  injected("reload-balancer", "balancer", windows[way].from, windows[way].to, `reload-balancer#${i}`).map((event) =>
    event.phase === "biting" ? { ...event, numbers: { [way]: 1 } } : event,
  ),
);
const samples = [1, 2, 3].map((n) => sample(0, `api-${n}`, { ready: 1 }));

/** Instances with so many slots each, before which a balancer chooses in this way: the same arrivals every 12 s. */
function asked(seed: number, way: (open: readonly number[], nth: number, at: Way) => number, longShare = 0.12): Operation[] {
  return (Object.keys(windows) as Way[]).flatMap((during) => {
    const free = [1, 2, 3].map(() => new Array<number>(slots).fill(0));
    const operations: Operation[] = [];
    for (let n = 0, time = windows[during].from; time < windows[during].to; n++, time += 50) {
      const random = seeded(seed, `question ${n % 240}`);
      const ms = random.next() < longShare ? 2500 : random.integer(50, 150);
      const open = [1, 2, 3].map((i) => operations.filter(({ by, answeredAt }) => by === `api-${i}` && answeredAt > time).length);
      const chosen = way(open, n, during);
      const slot = (free[chosen] as number[]).sort((a, b) => a - b);
      const answeredAt = Math.max(time, slot[0] as number) + ms;
      slot[0] = answeredAt;
      operations.push(operation({ f: "ask", input: { ms }, by: `api-${chosen + 1}`, invokedAt: time, answeredAt, completedAt: answeredAt }));
    }
    return operations;
  });
}
const fewest = (open: readonly number[]): number => open.indexOf(Math.min(...open));
const inTurn = (_: readonly number[], nth: number): number => nth % 3;
const seeds = Array.from({ length: 8 }, (_, i) => i + 1);

test("a balancer that counts connections keeps instances even, and one that does not is found", () => {
  for (const seed of seeds) {
    const well = asked(seed, (open, nth, during) => (during === "least_conn" ? fewest(open) : inTurn(open, nth)));
    expect(judge(evidence({ operations: well, faults, samples })).verdict).toBe("holds");
    const turn = judge(evidence({ operations: asked(seed, inTurn), faults, samples }));
    expect(turn.verdict).toBe("violated");
    expect(turn.summary).toContain("by least connections instances were");
  }
});

test("short ones that were late in one of the two times decide nothing while timers lagged", () => {
  const even = asked(1, (open, nth, during) => (during === "least_conn" ? fewest(open) : inTurn(open, nth)), 0.06);
  const slow = even.map((one, i) => (one.invokedAt < 31_000 && i % 13 === 0 ? { ...one, answeredAt: one.answeredAt + 1000 } : one));
  expect(judge(evidence({ operations: slow, faults, samples })).verdict).toBe("violated");
  expect(judge(evidence({ operations: slow, faults, samples, lagMs: 300 })).verdict).toBe("inconclusive");
  expect(judge(evidence({ operations: asked(1, inTurn), faults, samples, lagMs: 300 })).verdict).toBe("violated");
});

test("where nothing sets instances apart, nobody looked, or processors had no time, nothing is decided", () => {
  expect(judge(evidence({ operations: asked(1, inTurn, 0), faults, samples })).verdict).toBe("inconclusive");
  expect(judge(evidence({ operations: asked(1, inTurn), faults: [], samples })).verdict).toBe("inconclusive");
  expect(judge(evidence({ operations: asked(1, inTurn), faults })).verdict).toBe("inconclusive");
  expect(judge(evidence({ operations: asked(1, inTurn), faults, samples, lagMs: 2000 })).verdict).toBe("inconclusive");
  neverAccuses(judge);
});
