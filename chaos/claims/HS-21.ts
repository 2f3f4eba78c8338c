import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-21",
  statement: "The lock covers state updates, memory changes and tool executions alike.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Per-Agent Lock Manager",
  decides: "All three contend for one agent through every instance, over HTTP and over WebSockets, and their sections never overlap.",
} satisfies Claim;
