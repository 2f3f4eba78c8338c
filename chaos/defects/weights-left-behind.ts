/** Weights from a time when one machine was larger: whoever goes in turns or at random gives it more than its share. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "weights-left-behind",
  claim: "HA-6",
  what: "The balancer's configuration gives each instance another weight.",
  edits: [
    {
      file: "deploy/nginx.ts",
      find: `upstreams: upstreams.map(server).join("\\n")`,
      replace: `upstreams: upstreams.map((address, i) => server(address).replace(" max_fails", " weight=" + (i + 1) + " max_fails")).join("\\n")`,
    },
  ],
  caughtBy: ["balance-in-every-way"],
} satisfies Defect;
