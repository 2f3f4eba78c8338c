import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-9",
  statement: "Ping intervals and time-outs keep connections healthy.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "WebSocket API and Message Broadcasting",
  decides: "A client that no longer answers is dropped within the bound, one that only listens is kept, and no descriptor is left.",
  bound: { value: 21_000, unit: "ms", why: "two of the server's ping intervals of 10 s, and the way to the client" },
} satisfies Claim;
