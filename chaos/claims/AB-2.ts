import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-2",
  statement: "An instance is removed after three failed requests and tried again after 30 s.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Health Checks & Failover: Nginx Health Checks",
  decides:
    "An instance is killed and started again meanwhile. By the balancer's log three requests to it failed before it was left out, no fewer (what may have failed counts), and it was not asked again after three (what one worker saw in that order); its first answer comes 30 to 31 s after it was ejected, and not before.",
  bound: { value: 3, unit: "failures within 30 s", why: "the guide's max_fails and fail_timeout" },
} satisfies Claim;
