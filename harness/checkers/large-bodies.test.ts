import { expect, test } from "vitest";
import { evidence, injected } from "./fixtures.ts";
import { bodiesPass } from "./large-bodies.ts";
import { neverAccuses } from "./property.ts";

const well = {
  "allowed 8": 8,
  "instance 8 taken": 3,
  "balancer 8 taken": 3,
  "instance 9 refused": 2,
  "instance 9 unanswered": 1,
  "balancer 9 refused": 3,
};
const judge = (changes: Readonly<Record<string, number>> = {}) =>
  bodiesPass(
    evidence({
      faults: injected("send-large-bodies", "balancer", 1000, 3000).map((event) =>
        event.phase === "biting" ? { ...event, numbers: { ...well, ...changes } } : event,
      ),
    }),
  );

test("what is allowed is taken and what is larger is refused, either way", () => {
  expect(judge()).toMatchObject({ verdict: "holds", examined: 11 });
  expect(judge({ "balancer 8 taken": 0, "balancer 8 refused": 3 }).summary).toContain(
    "3 of 3 bodies of 8 KiB sent to the balancer were refused as too large",
  );
  expect(judge({ "instance 9 refused": 0, "instance 9 taken": 1 }).summary).toContain("1 of 1 bodies of 9 KiB sent to an instance were not refused");
});

test("whoever read no answer says nothing", () => {
  expect(judge({ "balancer 9 refused": 0, "balancer 9 unanswered": 3 }).verdict).toBe("inconclusive");
  expect(bodiesPass(evidence()).verdict).toBe("inconclusive");
  neverAccuses(bodiesPass);
});
