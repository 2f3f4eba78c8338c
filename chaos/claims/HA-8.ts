import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-8",
  statement: "Sessions are consistent through sticky sessions or a shared store.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Load Balancing and Session Management: Ensuring Session Consistency",
  decides: "A session is read through another instance after every write; with stickiness it survives the death of its instance.",
  readings: {
    documented: "Session data lies in Redis, or clients stay with their instance.",
    corrected: "The system of record is Postgres: of Redis no claim of zero loss is made, and stickiness alone loses the session with the instance.",
  },
} satisfies Claim;
