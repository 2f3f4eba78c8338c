/** Whoever listed the routes that write forgot one: that of tools, by which a client changes its agent all the same. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "tools-tell-no-place",
  claim: "HA-16",
  what: "The answer to the use of a tool does not say how far its client has got.",
  edits: [
    {
      file: "routes/agents.ts",
      find: "{ onSend, schema: { params, headers: positionHeaders, body: toolBody,",
      replace: "{ schema: { params, headers: positionHeaders, body: toolBody,",
    },
  ],
  caughtBy: ["read-from-replicas"],
} satisfies Defect;
