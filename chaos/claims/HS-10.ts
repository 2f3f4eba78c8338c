import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-10",
  statement: "The configuration is the same on all instances.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Environment Variables and Configuration",
  decides:
    "The fingerprints of the settings that must agree are equal; an instance that differs does not listen and says what differs, also one of the deployment before.",
} satisfies Claim;
