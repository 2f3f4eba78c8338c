import { expect, it } from "vitest";
import type { Defect } from "../core/experiment.ts";
import { detectionTable } from "./detection.ts";

const defect = (id: string): Defect => ({ id, claim: "LG-5", what: "", edits: [], caughtBy: [] });

it("tells what was caught, when, with what else, and what survived as what", () => {
  const table = detectionTable([
    { defect: defect("seen"), seed: 2, firstSeenMs: 12_345, others: ["LG-8"], instead: "", outOfReach: false },
    { defect: defect("unseen"), seed: undefined, firstSeenMs: undefined, others: [], instead: "holds: nothing was wrong", outOfReach: false },
    { defect: defect("far"), seed: undefined, firstSeenMs: undefined, others: [], instead: "It takes containers.", outOfReach: true },
  ]);
  expect(table).toBe(
    [
      "caught    seen    LG-5    seed 2, first seen at 12.3 s; also LG-8",
      "SURVIVED  unseen  LG-5    holds: nothing was wrong",
      "not tried far     LG-5    It takes containers.",
      "1 of 2 planted defects were caught; 1 more could not be tried here.",
    ].join("\n"),
  );
});
