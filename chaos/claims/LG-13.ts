import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-13",
  statement: "Instances behind a balancer share the HTTP load.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Server scalability",
  decides: "Requests spread over the ready instances as the algorithm says, and more instances carry more load.",
  untried: {
    kind: "tested in the server",
    tests: ["deploy/nginx-balancing.test.ts"],
    reason: "Who gets a request is tried there for each algorithm; that capacity grows is HS-1, which is not tried.",
  },
} satisfies Claim;
