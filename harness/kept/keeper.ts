/**
 * The process that keeps a deployment of processes after `runproof up` has ended: it owns them, answers on a socket in its private directory, and takes
 * everything down when it is told to end. What it is to start comes as one message from its parent.
 */
import { chmod, mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { startClock } from "../base/clock.ts";
import { exit, firstOf, messageOf, UserError } from "../base/errors.ts";
import type { Topology } from "../core/experiment.ts";
import { openRunState } from "../drivers/process/run-state.ts";
import { prepareDriver } from "../drivers/process/stack.ts";
import { loadTarget } from "../run/catalogue.ts";
import { openLedger } from "../run/ledger.ts";
import { type Answer, type Order, type Question, socketName, type Told } from "./protocol.ts";
import { reviveDependencies, scaleTo, statusOf } from "./work.ts";

const end = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => end.abort());
const told = (message: Told): Promise<void> => new Promise((done) => (process.connected ? process.send?.(message, () => done()) : done()));

async function keep({ project, target: id, parts, topology, layout }: Order): Promise<void> {
  const target = await loadTarget(project, id);
  await using state = await openRunState({ keep: false });
  const { directory } = state;
  const logs = join(directory, "logs");
  await mkdir(logs, { mode: 0o700 });
  const driver = await prepareDriver({ parts, project, directory, marker: state.id });
  // The server reports its effects to somebody; here nobody judges them.
  const nobody = { write() {}, assertWritable() {}, async [Symbol.asyncDispose]() {} };
  await using ledger = openLedger(startClock(), nobody);
  const roles = Object.keys(target.topology);
  await using stack = await driver.startStack({
    ...{ target, topology, layout, logs, defect: undefined, proxied: [], name: "kept" },
    ledgerFor: (instance, host) => ledger.addressFor(instance, host),
  });
  let turn: Promise<unknown> = Promise.resolve();
  const scale = async (counts: Topology): Promise<void> => {
    await reviveDependencies(stack);
    await scaleTo(stack, roles, counts);
  };
  const answer = async ({ counts, layout: wanted = layout }: Question): Promise<string> => {
    if (wanted !== layout) throw new UserError(`The kept deployment has the topology ${layout}. End it first (runproof down) to have ${wanted}.`);
    if (counts !== undefined) {
      // One change after another.
      turn = turn.catch(() => {}).then(() => scale(counts));
      await turn;
    }
    return statusOf(stack, directory);
  };
  await using _door = await openDoor(join(directory, socketName), answer);
  if (end.signal.aborted) return;
  await told({ ready: await statusOf(stack, directory) });
  process.off("disconnect", onDisconnect);
  process.disconnect();
  await new Promise<void>((resolve) => (end.signal.aborted ? resolve() : end.signal.addEventListener("abort", () => resolve())));
}

/** Only the user's own: it tells passwords. */
async function openDoor(path: string, answer: (question: Question) => Promise<string>): Promise<AsyncDisposable> {
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const said: Answer = await answer(JSON.parse(await text(request)) as Question).then(
      (status) => ({ status }),
      (error) => ({ failed: messageOf(error), exit: error instanceof UserError ? error.status : exit.harness }),
    );
    response.end(JSON.stringify(said));
  };
  const server = createServer((request, response) => void reply(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  await chmod(path, 0o600);
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Whoever started it went away before it was up: nobody would know of it. */
const onDisconnect = (): void => end.abort();
process.on("disconnect", onDisconnect);
process.once("message", (order: Order) => {
  void keep(order)
    .catch(async (thrown) => {
      const error = firstOf(thrown);
      process.exitCode = error instanceof UserError ? error.status : exit.harness;
      await told({ failed: messageOf(error), exit: process.exitCode });
    })
    .finally(() => process.connected && process.disconnect());
});
