import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-9",
  statement: "An idempotency key yields one run, and is refused with another body.",
  document: "Failures that users of such servers have reported",
  where: "One idempotency key was taken with another body, or gave two runs (from the idempotence tests of ledger databases)",
  decides:
    "Keys are sent again with the same and with another body, through several instances and faults: one run each, and the second body is refused.",
  bound: { value: 1, unit: "run a key", why: "however often and wherever it is sent" },
  untried: {
    kind: "tested in the server",
    tests: ["runs/create.test.ts", "instance.test.ts", "runs/threads.test.ts", "agents/document.test.ts"],
    reason: "Keys race there; under faults only the resends of the balancer occur (LG-5's check of idempotent creates), never with another body.",
  },
} satisfies Claim;
