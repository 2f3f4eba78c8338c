import { expect, test } from "vitest";
import type { FaultEvent, Sample } from "../core/records.ts";
import { evidence, injected, sample } from "./fixtures.ts";
import { followsAgain } from "./follows-again.ts";

const checker = followsAgain({ faults: ["pause-node"] });
const leads = (time: number) => ({ writable: 1, timeline: 2, written: time / 100, follows: 0, replayed: 0 });
const follows = (time: number) => ({ writable: 0, timeline: 0, written: 0, follows: 1, replayed: 1000 * time });
/** Now and then it is connected for a moment, until it is refused what it asks for. */
const stuck = (time: number) => ({ ...follows(0), follows: time % 5000 === 0 ? 1 : 0, replayed: 7000 });

/** What a node says each half second. */
const says = (node: string, from: number, to: number, of: (time: number) => Record<string, number>): readonly Sample[] =>
  Array.from({ length: Math.max(0, (to - from) / 500) }, (_, n) => sample(from + 500 * n, node, of(from + 500 * n)));
/** Paused at 10 s, asked to heal at 25 s, and watched until 90 s; `never`: it was never seen healed. */
const faults = (never = true): FaultEvent[] => injected("pause-node", "postgres", 10_000, 25_000).filter(({ phase }) => !never || phase !== "healed");
const before = [...says("pg-1", 0, 10_000, leads), ...says("pg-2", 0, 10_000, follows)];
const successor = says("pg-2", 15_000, 90_000, leads);
const judge = (
  former: readonly Sample[],
  given: { readonly faults?: FaultEvent[]; readonly others?: readonly Sample[]; readonly lagMs?: number } = {},
) =>
  checker(evidence({ faults: given.faults ?? faults(), samples: [...before, ...(given.others ?? successor), ...former], lagMs: given.lagMs ?? 5 }));
const stuckSince = (from: number): readonly Sample[] => says("pg-1", from, 90_000, stuck);

test("one that follows again holds", () =>
  expect(judge(says("pg-1", 35_000, 90_000, follows), { faults: faults(false) })).toMatchObject({ verdict: "holds", examined: 1 }));

test("one that answers, and stands still while another one leads, violates", () => {
  const check = judge(stuckSince(30_000));
  expect(check).toMatchObject({ verdict: "violated", count: 1 });
  expect(check.summary).toBe(
    "pg-1, which led until pause-node#1 at 10.000 s, answered and did not follow pg-2, which leads since: in the last 20000 ms of the 60000 ms after it was asked to heal at 25.000 s it stood still, and 195 writes were accepted.",
  );
});

test("one that is being copied, restores from the archive, leads, or followed for a while is not accused", () => {
  expect(judge([]).verdict).toBe("inconclusive");
  expect(judge(stuckSince(83_000)).verdict).toBe("inconclusive");
  expect(judge(says("pg-1", 30_000, 90_000, (time) => ({ ...stuck(1), replayed: time }))).verdict).toBe("inconclusive");
  expect(judge(says("pg-1", 30_000, 90_000, leads)).verdict).toBe("inconclusive");
  expect(judge([...says("pg-1", 30_000, 40_000, follows), ...stuckSince(90_000)]).verdict).toBe("holds");
});

test("where the faults saw all of them follow, nobody else led, or another fault struck, nothing is decided", () => {
  expect(judge(stuckSince(30_000), { faults: faults(false) }).verdict).toBe("inconclusive");
  expect(judge(stuckSince(30_000), { others: [] }).verdict).toBe("inconclusive");
  expect(judge(stuckSince(30_000), { others: says("pg-2", 15_000, 90_000, () => leads(0)) }).verdict).toBe("inconclusive");
  expect(judge(stuckSince(30_000), { others: says("pg-2", 15_000, 50_000, leads) }).verdict).toBe("inconclusive");
  expect(judge(stuckSince(30_000), { faults: [...faults(), ...injected("kill-node", "postgres", 50_000, 60_000)] }).verdict).toBe("inconclusive");
  expect(judge(stuckSince(30_000), { lagMs: 9000 }).verdict).toBe("inconclusive");
  expect(checker(evidence({ faults: faults(), samples: [...before, ...successor, ...stuckSince(30_000)], endsAt: 80_000 })).verdict).toBe(
    "inconclusive",
  );
  expect(checker(evidence()).verdict).toBe("inconclusive");
});

test("looks that do not tell whether a node follows decide nothing", () =>
  expect(checker(evidence({ faults: faults(), samples: says("pg-1", 0, 90_000, () => ({ writable: 0 })) })).verdict).toBe("inconclusive"));
