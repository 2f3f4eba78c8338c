import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-30",
  statement: "Requests of up to 100 MB are taken.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Performance Tuning: Optimize Qdrant",
  decides:
    "Bodies around the server's own limits (128 KiB, and 8 MiB of an agent's document) through the balancer and without it: both take what is allowed and refuse one KiB more as too large. Vectors of Qdrant are out of reach without it.",
  bound: { value: 100, unit: "MB", why: "the guide's request size" },
  readings: {
    documented: "Qdrant takes 100 MB, and nginx in front is not mentioned.",
    corrected: "nginx refuses 1 MB by default, so both limits are set.",
  },
} satisfies Claim;
