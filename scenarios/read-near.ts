/**
 * Stresses reads from replicas: a client changes an agent in one way or another, or reads it where it is written, and reads it again at once, twice, through whichever instance the balancer picks, and tells each time how far it has
 * got; others look without telling (open model). A broken system shows the client less than it wrote, or less than it read a moment ago from a replica that is not as far behind.
 */
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
/** So few that what one client wrote others read while it is new. */
const agents = 60;
const writeShare = 0.3;
/** Each a route of its own, and a client may come by any of them. */
const kinds = ["saveState", "useTool", "turn", "setBlock", "removeBlock"] as const;
/** Of what is neither written nor peeked at, what is first read from the primary. */
const strongShare = 0.3;
const peekShare = 0.3;

export const options = openModel(perSecond);

/** Where this client has got to: a k6 VU is one client, and does one thing after the other. */
let position = "0-0/0";

function note(value: unknown): void {
  position = (value as { position?: string } | undefined)?.position ?? position;
}

function write(kind: (typeof kinds)[number], agent: string, n: number, start: number): unknown {
  const where = { agent, position };
  switch (kind) {
    case "saveState":
      return perform(kind, { ...where, n }, start).value;
    case "useTool":
      return perform(kind, { ...where, text: `note ${n}`, durationMs: 0 }, start).value;
    case "turn":
      return perform(kind, { ...where, message: `turn ${n}`, thinkMs: 0 }, start).value;
    case "setBlock":
      return perform(kind, { ...where, label: "facts", value: `${seed}-${n}` }, start).value;
    case "removeBlock":
      return perform(kind, { ...where, label: "facts" }, start).value;
  }
}

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const random = seeded(seed, `near ${n}`);
  const agent = `agent-${random.integer(1, agents)}`;
  const start = intendedStart(perSecond);
  const draw = random.next();
  if (draw < peekShare) {
    perform("peekNear", { agent }, start);
    return;
  }
  if (draw < peekShare + writeShare) note(write(random.pick(kinds), agent, n, start));
  else note(perform(random.next() < strongShare ? "readAgent" : "readNear", { agent, position }, start).value);
  for (let i = 0; i < 2; i++) note(perform("readNear", { agent, position }).value);
});

export { handleSummary, keepTime };
