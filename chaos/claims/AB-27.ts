import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-27",
  statement: "The manifest's numbers: delays of 30 and 10 s, periods of 10 and 5 s, 1 to 2 cores, 1 to 2 GiB, port 80 to 8000.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Cloud Deployment: Kubernetes",
  decides: "The manifests say these numbers, the Service of port 80 leads to where pods listen, and pods listen before they are first asked.",
} satisfies Claim;
