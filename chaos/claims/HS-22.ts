import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-22",
  statement: "Keys are accepted alike by every instance, the registry of clients empties after abrupt ends, and a dead collector harms nothing.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Environment Variables and Configuration; WebSocket API and Message Broadcasting",
  decides:
    "A key made through one instance opens every other; after clients broke off none is registered; without a collector requests are answered as fast.",
  untried: {
    kind: "tested in the server",
    tests: ["routes/security.test.ts", "routes/agent-socket.test.ts", "tracing/tracing.test.ts"],
    reason: "Each is tried there on two instances without load.",
  },
} satisfies Claim;
