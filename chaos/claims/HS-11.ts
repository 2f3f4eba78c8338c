import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-11",
  statement: "Secrets do not leak.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Environment Variables and Configuration",
  decides: "Canary secrets of the environment occur in no log, answer, metric, report or process listing.",
  untried: {
    kind: "tested in the server",
    tests: ["secrets.test.ts", "tracing/tracing.test.ts", "routes/security.test.ts", "config.test.ts"],
    reason: "Each role is driven into its errors there; the logs of experiments are not searched.",
  },
} satisfies Claim;
