import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-8",
  statement: "A message is broadcast to every connected client of the agent, whichever instance it is connected to.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "WebSocket API and Message Broadcasting",
  decides: "Each client gets every message published while it was connected, once and in order, and a reconnect resumes without a gap.",
  bound: {
    value: 3000,
    unit: "ms",
    why: "to a client that stays connected for so long after the acknowledgement: instances look at the store twice a second, so a lost announcement costs one look",
  },
} satisfies Claim;
