/** An empty picture, which looks like a quiet day. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "panel-of-another-name",
  claim: "AB-17",
  what: "A panel of the dashboard asks for a metric by a name that no instance uses.",
  edits: [
    {
      file: "deploy/observability/dashboard.json",
      find: "sum by (status) (rate(http_requests_total[$__rate_interval]))",
      replace: "sum by (status) (rate(http_request_total[$__rate_interval]))",
    },
  ],
  caughtBy: ["watch-the-pool"],
} satisfies Defect;
