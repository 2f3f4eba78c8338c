import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-16",
  statement: "The deployment scales from 3 to 10 instances at 70 % CPU and 80 % memory.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Cloud Deployment: Kubernetes",
  decides:
    "What a request takes is measured, and the autoscaler's algorithm with the manifest's settings is replayed on a load of such requests that rises once and falls once: it turns once, settles, and the ready pods serve all that comes. No cluster runs it.",
  bound: { value: 70, unit: "% CPU, and 80 % memory", why: "the guide's targets; 3 to 10 are its limits" },
} satisfies Claim;
