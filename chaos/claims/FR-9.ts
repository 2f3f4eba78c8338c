import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "FR-9",
  statement: "An idempotency key yields one run, and is refused with another body.",
  document: "Failures that users of such servers have reported",
  where: "One idempotency key was taken with another body, or gave two runs (from the idempotence tests of ledger databases)",
  decides:
    "Keys are sent again with the same and with another body, through several instances and faults: one run each, the second body is refused and the first one never, however late, and a thread is never too busy for the create that made its run.",
  bound: { value: 1, unit: "run a key", why: "however often and wherever it is sent" },
} satisfies Claim;
