import fc from "fast-check";
import { expect, test } from "vitest";
import { created, evidence, injected, operation, trail } from "./fixtures.ts";
import { lossWindow } from "./loss-window.ts";

const faults = [...injected("cut-replication", "replication", 10_000, 14_000), ...injected("kill-node", "postgres", 12_000, 24_000)];
/** Creates at these times; those of `kept` are on the new primary. */
const judged = (times: readonly number[], kept: (time: number) => boolean, more: Parameters<typeof evidence>[0] = {}) => {
  const operations = times.map((time) => created(`r${time}`, time));
  const transitions = trail(...times.filter(kept).map((time) => [time, `r${time}`, null, "pending", 0, "", "api-1"] as const));
  return lossWindow({ cut: "cut-replication", kill: "kill-node" })(evidence({ operations, transitions, faults, ...more }));
};
const times = Array.from({ length: 300 }, (_, i) => i * 100);

test("what was acknowledged while the link was cut may be lost, and is counted", () => {
  const check = judged(times, (time) => time < 10_300 || time > 12_000);
  expect(check).toMatchObject({ verdict: "holds", numbers: { lostWrites: 18, lossWindowMs: 1700, cutMs: 1980, acknowledgedRuns: 300 } });
  expect(check.summary).toContain("18 acknowledged writes were lost");
});
test.each([9900, 15_000])("a write that was acknowledged when nothing was cut and is lost violates (%i)", (lost) => {
  const check = judged(times, (time) => time !== lost && (time < 10_300 || time > 12_000));
  expect(check).toMatchObject({ verdict: "violated", count: 1 });
  expect(check.summary).toContain(`run r${lost} was acknowledged`);
});
test("one that was asked for while the link was cut and acknowledged late may be lost", () => {
  const late = operation({ f: "create", invokedAt: 11_900, completedAt: 12_900, output: { run: "late" } });
  const transitions = trail(...[9000, 10_100].map((time) => [time, `r${time}`, null, "pending", 0, "", "api-1"] as const));
  const operations = [created("r9000", 9000), created("r10100", 10_100), late];
  const check = lossWindow({ cut: "cut-replication", kill: "kill-node" })(evidence({ operations, transitions, faults }));
  expect(check).toMatchObject({ verdict: "holds", numbers: { lostWrites: 1 } });
});
test("no loss, no trail, no cut before the kill, or nothing acknowledged show no window", () => {
  expect(judged(times, () => true).summary).toContain("Nothing was lost");
  expect(judged(times, () => true).verdict).toBe("inconclusive");
  expect(judged(times, () => false).verdict).toBe("inconclusive");
  expect(judged(times, () => true, { faults: faults.slice(4) }).verdict).toBe("inconclusive");
  expect(judged([], () => true).verdict).toBe("inconclusive");
});
test("never accuses what loses only writes of the time for which nothing was replicated", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 300, maxLength: 300 }), (kept) => {
      const check = judged(times, (time) => time < 10_000 || time > 12_000 || kept[time / 100] === true);
      expect(check.verdict).not.toBe("violated");
    }),
  );
});
