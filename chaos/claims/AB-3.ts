import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-3",
  statement: "Streams of events are not held back by nginx.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Architecture: Components",
  decides: "The first event is at the client before the second exists, and the gaps through nginx are those without it.",
  untried: {
    kind: "tested in the server",
    tests: ["deploy/nginx-streams.test.ts", "routes/query.test.ts"],
    reason: "Single streams are tried there, and that buffering would be seen.",
  },
} satisfies Claim;
