import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "connections-not-counted",
  claim: "AB-1",
  what: "The balancer's configuration says nothing of least connections: it goes in turn whatever is asked for.",
  edits: [{ file: "deploy/nginx.conf.template", find: "        least_conn;\n", replace: "" }],
  caughtBy: ["mix-short-and-long"],
} satisfies Defect;
