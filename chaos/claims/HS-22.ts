import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-22",
  statement: "Keys are accepted alike by every instance, the registry of clients empties after abrupt ends, and a dead collector harms nothing.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Environment Variables and Configuration; WebSocket API and Message Broadcasting",
  decides:
    "A key made through one instance opens every other at once, also when its maker has been killed, and ended through one opens none once copies of it have ended. After clients have broken off without a closing handshake, by a reset and by the mere end of their connections, none is counted by any instance within five seconds; and after more requests have been broken off than an instance may have in progress, in their midst and when they had been sent, it serves as before. While the collector of an instance takes everything and answers nothing, and when it is gone, requests to it are answered as well as those to another instance with its collector at the same time, and half of them not later by more than a second.",
  bound: {
    value: ({ cacheTtlMs }) => cacheTtlMs,
    unit: "ms",
    why: "From the answer that a key has been ended until the last use that an instance lets pass: no copy of the key outlives it, whatever messages were lost.",
  },
} satisfies Claim;
