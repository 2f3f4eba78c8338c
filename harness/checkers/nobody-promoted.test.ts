import { expect, test } from "vitest";
import { evidence, injected, sample } from "./fixtures.ts";
import { nobodyPromoted } from "./nobody-promoted.ts";

const faults = injected("kill-node", "postgres", 1000, 5000);
const judged = (...looks: readonly (readonly [time: number, writable: number])[]) =>
  nobodyPromoted({ kill: "kill-node" })(evidence({ faults, samples: looks.map(([time, writable]) => sample(time, "pg-2", { writable })) }));

test("standbys that stay standbys hold, whatever was before and comes after", () =>
  expect(judged([900, 1], [1500, 0], [4000, 0], [5100, 1])).toMatchObject({ verdict: "holds", examined: 2 }));
test("one that takes writes meanwhile violates", () =>
  expect(judged([1500, 0], [4000, 1]).summary).toBe(
    "pg-2 took writes at 4.000 s, though the only node that had all that was acknowledged was gone since kill-node#1 at 1.020 s.",
  ));
test("nobody looked, or nothing was killed: nothing is decided", () => {
  expect(judged([900, 1], [5100, 1]).verdict).toBe("inconclusive");
  expect(nobodyPromoted({ kill: "kill-node" })(evidence()).verdict).toBe("inconclusive");
});
