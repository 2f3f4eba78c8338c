/** One of the ways to change an agent answers as it always did: who comes by it is sent to a replica that has not heard of his change. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "blocks-tell-no-place",
  claim: "HA-16",
  what: "The answer to a change of several blocks does not say how far its client has got.",
  edits: [
    {
      file: "routes/memory.ts",
      find: "{ onSend, schema: { params, headers: positionHeaders, body: blocksBody,",
      replace: "{ schema: { params, headers: positionHeaders, body: blocksBody,",
    },
  ],
  caughtBy: ["read-from-replicas"],
} satisfies Defect;
