import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-7",
  statement: "The deployment is scaled out to five instances without interrupting service.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Configuration: Instance Count",
  decides: "Under load no request fails, and the new instances take their share within a bound.",
  bound: { value: 0, unit: "failed requests", why: "while the balancer changes over" },
  readings: {
    documented: "The guide calls the step a restart, and has Compose scale a service whose name no instance has.",
    corrected: "The instances are started, the balancer's configuration is extended and reloaded.",
  },
} satisfies Claim;
