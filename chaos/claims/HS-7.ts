import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-7",
  statement: "Clearing locks keeps the lock table from growing without bound.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Per-Agent Lock Manager",
  decides: "After the locks of many agents were released or ran out, their records are gone.",
  bound: { value: 0, unit: "records", why: "of agents whose lock nobody holds, once the housekeeping has passed" },
  untried: {
    kind: "tested in the server",
    tests: ["locks/lock.test.ts"],
    reason: "Each strategy leaves no record behind there; no experiment samples the table under the turns of many agents.",
  },
} satisfies Claim;
