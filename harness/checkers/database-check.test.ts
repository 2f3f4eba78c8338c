import { expect, it } from "vitest";
import { databaseCheckTellsTheTruth } from "./database-check.ts";
import { evidence, injected } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";

const well = { "manifest yes": 90, "manifest tooEarly": 0, "socket yes": 120, "socket tooEarly": 30 };
const judged = (numbers: Readonly<Record<string, number>>) =>
  databaseCheckTellsTheTruth(
    evidence({
      faults: injected("start-a-new-postgres", "a new Postgres", 1000, 9000).map((event) =>
        event.phase === "biting" ? { ...event, numbers } : event,
      ),
    }),
  );

it("holds when the target's check was right, and tells how often the documented one was not", () =>
  expect(judged(well)).toMatchObject({ verdict: "holds", examined: 90, numbers: { tooEarlyAsDocumented: 30 } }));

it("accuses a check that says yes too early", () =>
  expect(judged({ ...well, "manifest tooEarly": 2 })).toMatchObject({ verdict: "violated", summary: expect.stringContaining("said 2 times") }));

it("decides nothing where nobody was asked, or the first start was not seen in between", () => {
  expect(judged({ ...well, "manifest yes": 0 }).verdict).toBe("inconclusive");
  expect(judged({ ...well, "socket tooEarly": 0 }).verdict).toBe("inconclusive");
  expect(databaseCheckTellsTheTruth(evidence()).verdict).toBe("inconclusive");
});

it("accuses nobody of what was not looked at", () => neverAccuses(databaseCheckTellsTheTruth));
