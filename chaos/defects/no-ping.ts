/** Nobody finds out who is gone, and a balancer finds the living too quiet. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "no-ping",
  claim: "HS-9",
  what: "Clients of WebSockets are not pinged.",
  edits: [{ file: "sockets/clients.ts", find: `setInterval(() => setImmediate(pingAll), pingMs)`, replace: `setInterval(() => {}, pingMs)` }],
  caughtBy: ["hold-sockets"],
} satisfies Defect;
