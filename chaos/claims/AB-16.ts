import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-16",
  statement: "The deployment scales from 3 to 10 instances at 70 % CPU and 80 % memory.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Cloud Deployment: Kubernetes",
  decides: "The autoscaler's algorithm, replayed on measured load: it settles, does not flap, and the objective is kept.",
  bound: { value: 70, unit: "% CPU, and 80 % memory", why: "the guide's targets; 3 to 10 are its limits" },
  untried: {
    kind: "not yet",
    reason:
      "The manifest's numbers are validated (deploy/kubernetes.test.ts), and `runproof plan --replay` replays the CPU half on any recorded load; no experiment records one long enough.",
  },
} satisfies Claim;
