import { expect, test } from "vitest";
import { conflictsVisible } from "./conflicts-visible.ts";
import { evidence, injected } from "./fixtures.ts";

const judged = (numbers: Readonly<Record<string, number>>) => {
  const faults = injected("merge-histories", "agents", 5000, 9000).map((event) => (event.phase === "biting" ? { ...event, numbers } : event));
  return conflictsVisible(evidence({ faults }));
};
const well = { asked: 30, diverged: 20, refused: 20, keptBeside: 20, wentOn: 20 };

test("holds where every history of the lost side is refused under its id and kept under another", () => {
  expect(judged(well)).toMatchObject({ verdict: "holds", examined: 20 });
});

test.each([
  [{ ...well, refused: 13, taken: 7 }, "7 were answered as if the other one had been imported"],
  [{ ...well, wentOn: 19, lost: 1 }, "1 no longer had what the deployment had written"],
  [{ ...well, keptBeside: 0, refusedBeside: 20 }, "20 could not be brought under a free id either"],
  [{ ...well, keptBeside: 18, changedBeside: 2 }, "2 were another thing under a free id"],
])("accuses %j", (numbers, says) => expect(judged(numbers)).toMatchObject({ verdict: "violated", summary: expect.stringContaining(says) }));

test("nothing that diverged, or no answer, decides nothing", () => {
  expect(judged({ asked: 30 }).verdict).toBe("inconclusive");
  expect(judged({ asked: 30, diverged: 20, refused: 20 }).verdict).toBe("inconclusive");
  expect(conflictsVisible(evidence()).verdict).toBe("inconclusive");
});
