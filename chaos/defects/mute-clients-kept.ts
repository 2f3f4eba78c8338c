/** Pings are sent, and nobody looks whether they are answered. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "mute-clients-kept",
  claim: "HS-9",
  what: "A client that does not answer pings is kept.",
  edits: [{ file: "sockets/clients.ts", find: "if (!alive) {", replace: "if (!alive && pingMs < 0) {" }],
  caughtBy: ["hold-sockets"],
} satisfies Defect;
