/** What is counted is counted for ever, and what it is counted by never ends. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "series-for-each-address",
  claim: "AB-20",
  what: "Requests are counted by their address instead of their route, so that each run has series of its own that are never forgotten.",
  edits: [
    {
      file: "app.ts",
      find: `const labels = { method: request.method, route: request.routeOptions.url ?? "none",`,
      replace: `const labels = { method: request.method, route: request.url,`,
    },
  ],
  caughtBy: ["watch-memory"],
} satisfies Defect;
