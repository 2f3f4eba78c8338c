import { expect, test } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { onlyAllowedAddresses } from "./allow-list.ts";
import { evidence, injected } from "./fixtures.ts";
import { alwaysFinds, neverAccuses } from "./property.ts";

const good = { "allowed asked": 20, "allowed letIn": 20, "denied asked": 20, "denied letIn": 0, "pretending asked": 80, "pretending letIn": 0 };
const struck = (numbers: Readonly<Record<string, number>>): FaultEvent[] =>
  injected("allow-some-addresses", "balancer", 1000, 2000).map((event) => (event.phase === "biting" ? { ...event, numbers } : event));
const judge = (more: Readonly<Record<string, number>> = {}, lagMs = 5) =>
  onlyAllowedAddresses(evidence({ faults: struck({ ...good, ...more }), lagMs }));

test("the list is kept", () => expect(judge()).toMatchObject({ verdict: "holds", examined: 120 }));
test.each([
  [{ "denied letIn": 1 }, "Of 20 requests of clients of other addresses, 1 were let in; none should be"],
  [{ "pretending letIn": 40 }, "that pretend an allowed one, 40 were let in; none should be"],
  [{ "allowed letIn": 19 }, "Of 20 requests of clients of allowed addresses, 19 were let in; all should be"],
])("%j violates", (more, told) => expect(judge(more).summary).toContain(told));
test("who was not answered decides nothing, nor a list that nobody tried", () => {
  expect(judge({ "pretending asked": 0 }).verdict).toBe("inconclusive");
  expect(onlyAllowedAddresses(evidence()).verdict).toBe("inconclusive");
});
test("while timers lagged, who was not answered is no proof, and who was let in is", () => {
  expect(judge({ "allowed letIn": 19 }, 3000).verdict).toBe("inconclusive");
  expect(judge({ "denied letIn": 1 }, 3000).verdict).toBe("violated");
});
test("nobody is accused of a list that was not tried, and one that let somebody in always is", () => {
  neverAccuses(onlyAllowedAddresses);
  alwaysFinds(onlyAllowedAddresses, (_, random) => ({
    faults: struck({ ...good, [`${random.pick(["denied", "pretending"])} letIn`]: random.integer(1, 20) }),
  }));
});
