import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-23",
  statement: "Communication between instances is monitored, so that bottlenecks and failures are seen.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Challenges and Best Practices",
  decides: "A metric tells how late messages between instances arrive, and agrees with what the harness measures.",
  untried: { kind: "not yet", reason: "The server says whether it is connected to Redis, and has no metric for the lag of its messages." },
} satisfies Claim;
