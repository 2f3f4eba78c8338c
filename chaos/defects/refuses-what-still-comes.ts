/** It stops in the right order and cuts off nobody: only, the balancer's kept connections bring requests until they are closed, and 503 is an answer that it passes on. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "refuses-what-still-comes",
  claim: "AB-9",
  what: "An instance that is told to stop answers 503 to what still comes over connections that were kept.",
  edits: [
    {
      file: "app.ts",
      find: `    if (lifecycle.state !== "serving") throw new Problem(503, \`The instance is \${lifecycle.state}.\`, 1);`,
      replace: `    if (lifecycle.draining.aborted) throw new Stopping();
    if (lifecycle.state !== "serving") throw new Problem(503, \`The instance is \${lifecycle.state}.\`, 1);`,
    },
  ],
  caughtBy: ["fail-over-by-hand"],
} satisfies Defect;
