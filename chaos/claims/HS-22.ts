import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-22",
  statement: "Keys are accepted alike by every instance, the registry of clients empties after abrupt ends, and a dead collector harms nothing.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Environment Variables and Configuration; WebSocket API and Message Broadcasting",
  decides:
    "A key made through one instance opens every other at once, also when its maker has been killed, and ended through one opens none once copies of it have ended. After clients have broken off without a closing handshake, by a reset and by the mere end of their connections, none is counted by any instance within five seconds. The dead collector is tried in the server's own tests alone, on one instance without load (tracing/tracing.test.ts).",
  bound: {
    value: ({ cacheTtlMs }) => cacheTtlMs,
    unit: "ms",
    why: "From the answer that a key has been ended until the last use that an instance lets pass: no copy of the key outlives it, whatever messages were lost.",
  },
} satisfies Claim;
