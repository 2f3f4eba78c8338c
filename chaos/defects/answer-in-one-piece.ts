/** Only streams are streams. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "answer-in-one-piece",
  claim: "AB-3",
  what: "The balancer buffers the answers to what it may not send twice, among them queries that are answered token by token, the server does not ask it not to, and it is spoken to by HTTP/1.0, of whose answers only full buffers are passed on.",
  edits: [
    {
      file: "routes/event-stream.ts",
      find: '    "X-Accel-Buffering": "no",\n',
      replace: "",
    },
    {
      file: "deploy/nginx.conf.template",
      find: "        location / {\n",
      replace: "        location / {\n            proxy_buffering on;\n            proxy_http_version 1.0;\n",
    },
  ],
  caughtBy: ["stream-through-the-balancer"],
} satisfies Defect;
