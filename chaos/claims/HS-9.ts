import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-9",
  statement: "Ping intervals and time-outs keep connections healthy.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "WebSocket API and Message Broadcasting",
  decides: "A client that no longer answers is dropped within a bound, one that only listens is kept, and no descriptor is left.",
  untried: {
    kind: "tested in the server",
    tests: ["routes/agent-socket.test.ts", "deploy/nginx-streams.test.ts"],
    reason: "Single clients are tried there; that descriptors do not leak over thousands of abrupt ends is not.",
  },
} satisfies Claim;
