import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-1",
  statement: "Instances keep no state of their own: every balancing strategy works, and no client has to stay with an instance.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Server scalability",
  decides:
    "One workload under round robin, least_conn, ip_hash and random gives the same verdicts, and what a session wrote is read right on every instance.",
} satisfies Claim;
