import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-11",
  statement: "Secrets do not leak.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Environment Variables and Configuration",
  decides:
    "Everything fails in turn: no password of an instance's environment occurs in a log, a command line, a metric or another answer of any instance, and no new API key but in the answer that makes it.",
} satisfies Claim;
