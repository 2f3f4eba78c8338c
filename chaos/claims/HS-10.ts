import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-10",
  statement: "The configuration is the same on all instances.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Environment Variables and Configuration",
  decides: "The fingerprints of the settings that must agree are equal; an instance that differs does not listen and says what differs.",
  untried: {
    kind: "tested in the server",
    tests: ["config/fingerprint.test.ts", "config/shared-config.test.ts"],
    reason: "A drifted instance is refused there; no experiment starts one into a loaded stack.",
  },
} satisfies Claim;
