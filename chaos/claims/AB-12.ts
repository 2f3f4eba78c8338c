import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-12",
  statement: "A worker is replaced after 1000 requests, give or take 100.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Configuration: Workers Per Instance",
  decides:
    "No request fails when a worker is replaced, answers that take 25 s while workers live for some 18 s arrive, and none is replaced before it has answered a thousand; memory over many replacements is not measured.",
  bound: { value: 1000, unit: "requests plus 0 to 100", why: "the guide's max-requests and its jitter, which gunicorn draws uniformly and adds" },
  readings: {
    documented: "1000 requests, and 100 of jitter.",
    corrected: "1000 plus a uniform draw from 0 to 100, both included; never fewer than 1000.",
  },
} satisfies Claim;
