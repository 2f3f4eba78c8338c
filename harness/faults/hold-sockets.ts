import type { Socket } from "node:net";
import { setTimeout as later } from "node:timers/promises";
import WebSocket from "ws";
import { everybodysWork, type Fault } from "./fault.ts";
import { askFrom } from "./tools/from-address.ts";

/** Every second of them is a page in a browser, which says where it comes from: from where it connects to. */
const lively = 60;
/** They go on reading and answer nothing any more, as clients whose machine hangs. */
const mute = 120;
/** To each instance past the balancer, half of whom break off with a reset. */
const beside = 20;
const closeWithinMs = 8000;
const gaugeWithinMs = 2000;
const sayWithinMs = 8000;

interface Held {
  readonly socket: WebSocket;
  readonly mute: boolean;
  readonly page: boolean;
  openedAt: number;
  closedAt: number;
  heard: number;
  /** Breaks off without a word. */
  breakOff(): void;
}

export default {
  what: "Not a fault but patience: clients, half of them with the Origin that a browser sends, hold WebSockets (`path`) through another balancer, whose read time-out is `readTimeoutS`, for `holdMs` in which nothing is said, and then one says something (`say`). Others, through the patient balancer of the load, have stopped to answer. In the end all break off, and some who have come to each instance alone; `registry` is the gauge of who is connected. What is connected to has been made before (PUT of `make`).",
  prepare({ stack, ledger, options }) {
    const numbers: Record<string, number> = {};
    let balancing: AsyncDisposable | undefined;
    const descriptors = (): number =>
      stack.instances().reduce((sum, instance) => sum + (instance.pid() === undefined ? 0 : instance.descriptors()), 0);
    const registries = stack.instances().map((instance) => {
      const count = async (): Promise<number | undefined> => (await instance.gauges(gaugeWithinMs))[String(options.registry)];
      return { name: instance.name, count };
    });
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
        const held = Array.from({ length: lively + mute }, (_, i) =>
          i < lively ? hold(impatient, { isPage: i % 2 === 1 }) : hold(patient, { isMute: true }),
        );
        await later(Number(options.holdMs));
        const all = await Promise.all(held);
        const during = descriptors();
        const [alive, hung] = [all.filter((one) => !one.mute), all.filter((one) => one.mute)];
        const pages = alive.filter(({ page }) => page);
        const kept = alive.filter(({ socket }) => socket.readyState === WebSocket.OPEN);
        kept[0]?.socket.send(String(options.say));
        for (const ends = performance.now() + sayWithinMs; performance.now() < ends && kept.some(({ heard }) => heard === 0); ) await later(50);
        const reaped = hung.filter(({ closedAt }) => Number.isFinite(closedAt));
        Object.assign(numbers, {
          clients: alive.length,
          upgraded: upgraded(alive),
          pages: pages.length,
          pagesUpgraded: upgraded(pages),
          kept: kept.length,
          heard: kept.filter(({ heard }) => heard > 0).length,
          muteUpgraded: upgraded(hung),
          muteReaped: reaped.length,
          heldMs: Number(options.holdMs),
          ...(reaped.length > 0 ? { reapedMaxMs: Math.max(...reaped.map(({ openedAt, closedAt }) => closedAt - openedAt)) } : {}),
        });
        const came = await Promise.all(
          stack
            .instances()
            .flatMap(({ port }) => Array.from({ length: beside }, (_, i) => hold(`ws://127.0.0.1:${port}${options.path}`, { byReset: i % 2 === 0 }))),
        );
        const registered = await Promise.all(registries.map(({ count }) => count()));
        for (const one of [...all, ...came]) one.breakOff();
        const forgotten = Promise.all(registries.map(({ count }) => forgottenAfter(count)));
        for (const ends = performance.now() + closeWithinMs; performance.now() < ends && descriptors() > (before + during) / 2; ) await later(50);
        Object.assign(numbers, { descriptorsBefore: before, descriptorsDuring: during, descriptorsAfter: descriptors() });
        for (const [i, { left, afterMs }] of (await forgotten).entries()) {
          // Whoever does not say how many there are says nothing.
          if (registered[i] === undefined || left === undefined) continue;
          const name = registries[i]?.name;
          Object.assign(numbers, { [`${name} registered`]: registered[i], [`${name} left`]: left, [`${name} forgottenAfterMs`]: afterMs });
        }
      },
      bites: async () =>
        `${numbers.upgraded} of ${numbers.clients} clients were connected, ${numbers.pagesUpgraded} of ${numbers.pages} pages among them, and ${numbers.muteUpgraded} that answered nothing any more`,
      heal: async () => balancing?.[Symbol.asyncDispose](),
      healed: async () => "the other balancer is gone",
      numbers: () => numbers,
    };
  },
} satisfies Fault;

/** Asks until nobody is registered, or the time is over: how many are left, and how long it took (ms). */
async function forgottenAfter(count: () => Promise<number | undefined>): Promise<{ readonly left: number | undefined; readonly afterMs: number }> {
  const began = performance.now();
  for (;;) {
    const left = await count();
    const afterMs = performance.now() - began;
    if (afterMs > closeWithinMs || left === 0) return { left, afterMs };
    await later(50);
  }
}

const upgraded = (all: readonly Held[]): number => all.filter(({ openedAt }) => Number.isFinite(openedAt)).length;

interface Manner {
  readonly isMute?: boolean;
  readonly isPage?: boolean;
  readonly byReset?: boolean;
}

/** Resolves once it is connected or refused. What is heard is counted from when there is something new: after the first message, which tells that it is connected. */
function hold(url: string, { isMute = false, isPage = false, byReset = false }: Manner): Promise<Held> {
  let line: Socket | undefined;
  const origin = isPage ? { origin: new URL(url.replace("ws", "http")).origin } : {};
  const socket = new WebSocket(url, { perMessageDeflate: false, autoPong: !isMute, handshakeTimeout: 10_000, ...origin });
  // Nor does it answer when it is asked to close.
  if (isMute) socket.close = () => {};
  socket.on("upgrade", (answer) => {
    line = answer.socket;
  });
  const never = Number.POSITIVE_INFINITY;
  const breakOff = (): void => {
    if (byReset) line?.resetAndDestroy();
    socket.terminate();
  };
  const held: Held = { socket, mute: isMute, page: isPage, openedAt: never, closedAt: never, heard: -1, breakOff };
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
