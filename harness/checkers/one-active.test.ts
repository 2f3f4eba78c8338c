import fc from "fast-check";
import { expect, test } from "vitest";
import { evidence, injected, trail, writes } from "./fixtures.ts";
import { oneActive } from "./one-active.ts";

type Create = readonly [time: number, by: string];
const startedAgainMs = { "pause-active": 4000, "kill-active": 0 };
const killed = injected("kill-active", "api-1", 10_000, 16_000);
const paused = injected("pause-active", "api-1", 10_000, 16_000);
const judged = (creates: readonly Create[], faults = killed) =>
  oneActive({ startedAgainMs })(
    evidence({ faults, transitions: trail(...creates.map(([time, by], n) => [time, `r${n}`, null, "pending", 0, "", by] as const)) }),
  );
const turns = (...again: readonly Create[]): readonly Create[] => [[1000, "api-1"], [9000, "api-1"], [14_000, "api-2"], ...again];

test("one after the other holds, and so does one that was started again and has its turn again", () => {
  expect(judged(turns([20_000, "api-2"]))).toMatchObject({ verdict: "holds", numbers: { changes: 1 } });
  expect(judged(turns([30_000, "api-1"], [31_000, "api-1"]))).toMatchObject({ verdict: "holds", numbers: { changes: 2 } });
  expect(judged(turns([30_000, "api-1"]), paused).verdict).toBe("holds");
});
test("who writes after its successor violates: before it was started again, just after it woke up, or where nobody was struck", () => {
  expect(judged(turns([14_500, "api-1"])).summary).toBe(
    "api-1 created run r3 (transition 3) at 14.500 s, though api-2 had taken its place by 14.000 s and it had not been started again since 9.000 s.",
  );
  expect(judged(turns([16_100, "api-1"], [16_200, "api-2"]), paused)).toMatchObject({ verdict: "violated", count: 1 });
  expect(judged(turns([19_900, "api-1"]), paused).verdict).toBe("violated");
  expect(judged(turns([30_000, "api-1"]), []).verdict).toBe("violated");
  expect(judged(turns([30_000, "api-1"]), injected("kill-active", "api-2", 10_000, 16_000)).verdict).toBe("violated");
});
test("each role has its own place, and writes of fenced resources count as well", () => {
  expect(judged(turns([14_100, "queue-1"], [14_200, "api-2"], [14_300, "queue-1"])).verdict).toBe("holds");
  const late = writes([1000, "a", 1, 1, "api-1"], [14_000, "a", 2, 2, "api-2"], [14_100, "a", 1, 3, "api-1"]);
  expect(oneActive({ startedAgainMs })(evidence({ faults: killed, writes: late })).verdict).toBe("violated");
});
test("nobody who takes over decides nothing", () => {
  expect(judged([[1000, "api-1"]]).verdict).toBe("inconclusive");
  expect(judged([]).verdict).toBe("inconclusive");
});
test("never accuses instances that take turns, each once, and always one that comes back", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 6 }), (lengths) => {
      const by = lengths.flatMap((length, n) => Array.from({ length }, () => `api-${n}`));
      const creates = by.map((name, n): Create => [n * 100, name]);
      expect(judged(creates, []).verdict).toBe("holds");
      expect(judged([...creates, [by.length * 100, "api-0"]], []).verdict).toBe("violated");
    }),
  );
});
