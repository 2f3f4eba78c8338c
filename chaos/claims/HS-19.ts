import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-19",
  statement: "The environment overrides the .env file, and secrets can come from files.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Environment Variables and Configuration",
  decides: "Every pair of sources is decided as documented, a setting given twice in one place is one clear error, and no value is repeated in it.",
  untried: {
    kind: "tested in the server",
    tests: ["config/sources.test.ts"],
    reason: "It is a matter of one process that reads its settings; load and faults add nothing.",
  },
} satisfies Claim;
