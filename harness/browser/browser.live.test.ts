/**
 * A browser as a client under faults (LG-3, HS-3, HS-8): pages in a real Chromium follow runs by EventSource and agents by WebSocket through nginx while the instances that
 * carry them are killed; judged by the checkers that judge Node's clients. And seen the other way: with resuming broken, the same checkers accuse.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { operations } from "../../chaos/targets/reference/protocol.ts";
import { sleep, startClock, until } from "../base/clock.ts";
import { broadcast } from "../checkers/broadcast.ts";
import { nothingAfterTheEnd, streamsDurable, streamsGapFree, streamsOrdered, streamsResumable, streamsUnique } from "../checkers/streams.ts";
import { streamsCut } from "../checkers/streams-cut.ts";
import { ofSubscriptions, spreadOverInstances } from "../checkers/subscriptions.ts";
import type { Defect } from "../core/experiment.ts";
import type { HistoryLine } from "../core/history.ts";
import { pairOperations } from "../core/pair.ts";
import type { FaultEvent } from "../core/records.ts";
import type { Check, Evidence } from "../core/verdict.ts";
import { openRunState } from "../drivers/process/run-state.ts";
import { prepareDriver, startStack } from "../drivers/process/stack.ts";
import type { Stack } from "../drivers/stack.ts";
import { provision } from "../provision/provision.ts";
import { findBrowser } from "../provision/test-browser.ts";
import { findDefect, loadTarget } from "../run/catalogue.ts";
import { noteStored } from "../run/followers.ts";
import { openLedger } from "../run/ledger.ts";
import { type BrowserClients, openBrowserClients } from "./clients.ts";

const project = resolve(import.meta.dirname, "../..");
const start = await findBrowser();
const kinds = ["attempt", "tokens", "step", "requeue", "end"];
const agents = ["browser-1", "browser-2"];
const runs = 4;

/** Long enough for two kills, each with the three seconds after which a browser connects again, on a busy machine as well. */
const work = { steps: 100, stepMs: 200 };

/** Carries it out and answers what the checkers say of streams, of sockets, and of whether the faults met them. */
async function carryOut(
  defect: Defect | undefined,
): Promise<{ readonly streams: readonly Check[]; readonly sockets: readonly Check[]; readonly met: readonly Check[] }> {
  const parts = await provision({});
  const target = await loadTarget(project, "reference");
  const { streams, sockets } = target;
  if (!streams || !sockets || !start) throw new Error("The target has streams and sockets, and there is a browser.");
  const logs = await mkdtemp(join(tmpdir(), "runproof-browser-"));
  await mkdir(logs, { recursive: true });
  try {
    const clock = startClock();
    const lines: HistoryLine[] = [];
    const faults: FaultEvent[] = [];
    const write = (line: HistoryLine): void => void lines.push(line);
    const journal = { write, assertWritable: () => {}, [Symbol.asyncDispose]: async () => {} };
    await using state = await openRunState({ keep: false });
    const driver = await prepareDriver({ parts, project, directory: state.directory, marker: state.id });
    await using ledger = openLedger(clock, { ...journal, write: () => {} });
    const topology = { api: 3, queue: 2 };
    await using stack = await startStack(driver, {
      target,
      defect,
      topology,
      proxied: [],
      name: "browser",
      logs,
      ledgerFor: (name) => ledger.addressFor(name),
    });
    await using browser = await start();
    const pageOf = (name: string) => openBrowserClients({ browser, url: stack.url, name, kinds, streams, sockets, clock, write });
    await using first = await pageOf("left");
    await using second = await pageOf("right");
    const pages = [first, second];

    const publisher = publish(stack.url, clock.now, write);
    await until("Turns were expected to be taken", () => (lines.some(({ type }) => type === "ok") ? true : undefined), { withinMs: 10_000 });
    const created = await Promise.all(Array.from({ length: runs }, (_, i) => create(stack.url, `browser-${i}`)));
    for (const page of pages) {
      for (const agent of agents) await page.followAgent(agent);
      for (const run of created) await page.followRun(run);
    }
    const healing: Promise<void>[] = [];
    for (const of of ["stream", "subscribe"] as const) {
      await sleep(1500);
      healing.push(...(await killACarrier(of, stack, pages, clock.now, faults)));
    }
    const allEnded = (): true | undefined => (first.ended() + second.ended() === 2 * runs ? true : undefined);
    await until("Every stream was expected to come to its run's end", allEnded, { withinMs: 30_000 });
    await publisher[Symbol.asyncDispose]();
    await sleep(1500);
    for (const page of pages) await page.leave();
    await Promise.all(healing);
    const followed = [
      { followed: new Set(created), stored: streams.stored, isComplete: (kind: string | undefined) => kind === "end" },
      { followed: new Set(agents), stored: sockets.stored, isComplete: () => true },
    ].map((one) => ({ ...one, take: () => {}, [Symbol.asyncDispose]: async () => {} }));
    await noteStored(stack, followed, clock, journal);

    const paired = pairOperations(lines);
    expect(paired.problems).toEqual([]);
    const evidence: Evidence = {
      ...{ operations: paired.operations, ledger: [], transitions: [], writes: [], faults, samples: [], notices: [], constants: target.constants },
      ...{ endsAt: clock.now(), cutOff: false, deltaMs: 0, lagMs: 0, scheduledPerSecond: 0 },
    };
    const said = [streamsOrdered, streamsUnique, streamsGapFree, streamsResumable, streamsDurable];
    return {
      streams: [...said, nothingAfterTheEnd].map((checker) => checker(evidence)),
      sockets: [broadcast({ graceMs: 5000, published: "turn" }), ...said.map(ofSubscriptions)].map((checker) => checker(evidence)),
      met: [streamsCut({ atLeast: 2 }), ofSubscriptions(streamsCut({ atLeast: 1 })), spreadOverInstances].map((checker) => checker(evidence)),
    };
  } finally {
    await rm(logs, { recursive: true });
  }
}

/** A turn of each agent in turn, ten a second, each an operation of its own. */
function publish(url: string, now: () => number, write: (line: HistoryLine) => void): AsyncDisposable {
  const stopped = new AbortController();
  const all: Promise<void>[] = [];
  const turn = async (n: number): Promise<void> => {
    const input = { agent: agents[n % agents.length] ?? "", message: `m${n}`, thinkMs: 0 };
    const { method, path, headers, body } = operations.turn.request(input);
    const common = { process: `turn${n}`, f: "turn" };
    write({ type: "invoke", time: now(), ...common, key: input.agent, value: input });
    const answer = await fetch(`${url}${path}`, { method, headers, body }).then(
      async (response) => ({ status: response.status, body: await response.text(), headers: {}, refused: false, error: "" }),
      (error: Error) => ({ status: 0, body: "", headers: {}, refused: false, error: error.message }),
    );
    const { outcome, served, value, error } = operations.turn.result(answer);
    write({ type: outcome, time: now(), ...common, served, ...(value === undefined ? {} : { value }), ...(error === "" ? {} : { error }) });
  };
  const going = (async () => {
    for (let n = 0; !stopped.signal.aborted; n++) {
      all.push(turn(n));
      await sleep(100, stopped.signal).catch(() => {});
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await going;
      await Promise.all(all);
    },
  };
}

async function create(url: string, key: string): Promise<string> {
  const { method, path, headers, body } = operations.create.request({ key, ...work });
  const response = await fetch(`${url}${path}`, { method, headers, body });
  const { value } = operations.create.result({ status: response.status, body: await response.text(), headers: {}, refused: false, error: "" });
  return (value as { run: string }).run;
}

/** Kills the API instance that carries the most streams, or sockets, and sees to it that it starts again. */
async function killACarrier(
  of: "stream" | "subscribe",
  stack: Stack,
  pages: readonly BrowserClients[],
  now: () => number,
  faults: FaultEvent[],
): Promise<readonly [healed: Promise<void>]> {
  const on = await until("An instance was expected to carry one", () => pages.flatMap((page) => page.carriers(of))[0], { withinMs: 10_000 });
  const victim = stack.instances().find(({ name }) => name === on);
  if (victim === undefined) throw new Error(`${on} is no instance.`);
  const id = `kill#${faults.filter(({ phase }) => phase === "requested").length + 1}`;
  const note = (phase: FaultEvent["phase"]): void =>
    void faults.push({ time: now(), id, fault: "kill", on, phase, evidence: "", working: ["streams"] });
  note("requested");
  await victim.kill();
  note("biting");
  const heal = async (): Promise<void> => {
    await sleep(1500);
    note("healing");
    await victim.start();
    note("healed");
  };
  // In a list, or whoever waits for the kill would wait for this, too.
  return [heal()];
}

describe.skipIf(start === null)("a browser under faults", () => {
  test("EventSource and WebSocket resume without a gap and without a duplicate", { timeout: 120_000 }, async () => {
    const { streams, sockets, met } = await carryOut(undefined);
    const told = (checks: readonly Check[]) => checks.map(({ property, verdict, summary }) => ({ property, verdict, summary }));
    for (const checks of [streams, sockets, met]) expect(told(checks)).toEqual(told(checks).map((one) => ({ ...one, verdict: "holds" })));
    expect(streams[0]?.examined).toBeGreaterThan(2 * runs * work.steps);
    expect(sockets[0]?.numbers.stable).toBeGreaterThan(50);
  });

  /** Node's own clients plant the same two in the nightly; CI is short of time. */
  const nightly = process.env.RUNPROOF_PROFILE === "nightly";
  test.runIf(nightly)("with resuming broken, both are accused by what the browser saw", { timeout: 120_000 }, async () => {
    const planted = await Promise.all(["resume-skips-an-event", "socket-resumes-from-now"].map((id) => findDefect(project, id)));
    const [defect] = planted;
    if (defect === undefined) throw new Error("There are such defects.");
    const { streams, sockets } = await carryOut({ ...defect, edits: planted.flatMap(({ edits }) => edits) });
    const violated = (checks: readonly Check[]) => checks.filter(({ verdict }) => verdict === "violated").map(({ property }) => property);
    expect(violated(streams)).toContain("resumable from every id");
    expect(violated(sockets)).toContain("resumable from every id");
  });
});
