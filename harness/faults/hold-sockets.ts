import { setTimeout as later } from "node:timers/promises";
import WebSocket from "ws";
import { everybodysWork, type Fault } from "./fault.ts";
import { askFrom } from "./tools/from-address.ts";

const lively = 60;
/** They go on reading and answer nothing any more, as clients whose machine hangs. */
const mute = 120;
const closeWithinMs = 8000;
const sayWithinMs = 8000;

interface Held {
  readonly socket: WebSocket;
  readonly mute: boolean;
  openedAt: number;
  closedAt: number;
  heard: number;
}

export default {
  what: "Not a fault but patience: clients hold WebSockets (`path`) through another balancer, whose read time-out is `readTimeoutS`, for `holdMs` in which nothing is said, and then one says something (`say`). Others, through the patient balancer of the load, have stopped to answer. What is connected to has been made before (PUT of `make`).",
  prepare({ stack, ledger, options }) {
    const numbers: Record<string, number> = {};
    let balancing: AsyncDisposable | undefined;
    const descriptors = (): number =>
      stack.instances().reduce((sum, instance) => sum + (instance.pid() === undefined ? 0 : instance.descriptors()), 0);
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const balancer = await stack.addBalancer({ readTimeoutS: Number(options.readTimeoutS) });
        balancing = balancer;
        await askFrom("127.0.0.1", { port: balancer.port, path: String(options.make), method: "PUT" });
        // An impatient balancer would end those that do not answer by itself.
        const impatient = `ws://127.0.0.1:${balancer.port}${options.path}`;
        const patient = `${stack.url.replace("http", "ws")}${options.path}`;
        const before = descriptors();
        const held = Array.from({ length: lively + mute }, (_, i) => (i < lively ? hold(impatient, false) : hold(patient, true)));
        await later(Number(options.holdMs));
        const all = await Promise.all(held);
        const during = descriptors();
        const [alive, hung] = [all.filter((one) => !one.mute), all.filter((one) => one.mute)];
        const kept = alive.filter(({ socket }) => socket.readyState === WebSocket.OPEN);
        kept[0]?.socket.send(String(options.say));
        for (const ends = performance.now() + sayWithinMs; performance.now() < ends && kept.some(({ heard }) => heard === 0); ) await later(50);
        const reaped = hung.filter(({ closedAt }) => Number.isFinite(closedAt));
        Object.assign(numbers, {
          clients: alive.length,
          upgraded: alive.filter(({ openedAt }) => Number.isFinite(openedAt)).length,
          kept: kept.length,
          heard: kept.filter(({ heard }) => heard > 0).length,
          muteUpgraded: hung.filter(({ openedAt }) => Number.isFinite(openedAt)).length,
          muteReaped: reaped.length,
          heldMs: Number(options.holdMs),
          ...(reaped.length > 0 ? { reapedMaxMs: Math.max(...reaped.map(({ openedAt, closedAt }) => closedAt - openedAt)) } : {}),
        });
        for (const { socket } of all) socket.terminate();
        for (const ends = performance.now() + closeWithinMs; performance.now() < ends && descriptors() > (before + during) / 2; ) await later(50);
        Object.assign(numbers, { descriptorsBefore: before, descriptorsDuring: during, descriptorsAfter: descriptors() });
      },
      bites: async () =>
        `${numbers.upgraded} of ${numbers.clients} clients were connected, and ${numbers.muteUpgraded} that answered nothing any more`,
      heal: async () => balancing?.[Symbol.asyncDispose](),
      healed: async () => "the other balancer is gone",
      numbers: () => numbers,
    };
  },
} satisfies Fault;

/** Resolves once it is connected or refused. What is heard is counted from when there is something new: after the first message, which tells that it is connected. */
function hold(url: string, isMute: boolean): Promise<Held> {
  const socket = new WebSocket(url, { perMessageDeflate: false, autoPong: !isMute, handshakeTimeout: 10_000 });
  const never = Number.POSITIVE_INFINITY;
  const held: Held = { socket, mute: isMute, openedAt: never, closedAt: never, heard: -1 };
  return new Promise((resolve) => {
    socket.on("open", () => {
      held.openedAt = performance.now();
      resolve(held);
    });
    socket.on("message", () => {
      held.heard++;
    });
    socket.on("close", () => {
      held.closedAt = performance.now();
      resolve(held);
    });
    socket.on("error", () => resolve(held));
  });
}
