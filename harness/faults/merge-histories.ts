import { setTimeout as later } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { until } from "../base/clock.ts";
import type { Json } from "../core/history.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { askServer, pairOf } from "./tools/pair.ts";
import { settingsIn } from "./tools/settings.ts";

const servesWithinMs = 45_000;
const answersWithinMs = 5000;
const graceMs = 10_000;

/** Of an agent's document, what both sides have in common or not. */
interface Document {
  readonly version: number;
  readonly events: readonly Json[];
}

/** Whether each of two has something, at a place in its history, that the other has not. */
function haveDiverged(one: Document, other: Document): boolean {
  const common = Math.min(one.events.length, other.events.length);
  return common > 0 && !isDeepStrictEqual(one.events.slice(0, common), other.events.slice(0, common));
}

const isTaken = (status: number): boolean => status >= 200 && status < 300;
const isRefused = (status: number): boolean => status >= 400 && status < 500;

/** The agent's id is no part of what it is. */
const without = (document: object): object => ({ ...document, id: undefined });

export default {
  what: "Not a fault but a merge: a standby has been promoted (another fault's work), and the primary of before is started again beside the deployment, with an instance of the target of its own. The `agents` (agent-1 and on) are taken out of both as documents (`document`, with the id in place of ID); what has diverged is brought back to the deployment, under its id and under one that is free.",
  layouts: ["standby"],
  needs: ["settings of their own"],
  async ready({ stack }) {
    const { standby } = pairOf(stack);
    const { rows } = await askServer(standby, (client) => client.query("select pg_is_in_recovery() as follows"));
    return rows[0]?.follows === false ? "the standby has been promoted" : undefined;
  },
  prepare({ stack, ledger, options }) {
    const { primary } = pairOf(stack);
    const open = new AsyncDisposableStack();
    const numbers: Record<string, number> = {};
    const count = (name: string): void => {
      numbers[name] = (numbers[name] ?? 0) + 1;
    };
    /** Status 0: nobody answered. */
    const ask = async (at: string, id: string, document?: object): Promise<{ readonly status: number; readonly body: unknown }> => {
      const put = { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(document) };
      try {
        const answer = await fetch(`${at}${String(options.document).replace("ID", id)}`, {
          ...(document === undefined ? {} : put),
          signal: AbortSignal.timeout(answersWithinMs),
        });
        return { status: answer.status, body: await answer.json() };
      } catch {
        return { status: 0, body: null };
      }
    };
    const startOldSide = async (): Promise<string> => {
      if (!stack.openAnnex) throw new Error("A driver was expected that runs instances with settings of their own, and this one does not.");
      await primary.start();
      open.defer(() => primary.kill());
      const annex = await stack.openAnnex();
      const { rows } = await askServer(primary, (client) => client.query("select current_database() as name"));
      const database = new URL(annex.postgresUrl);
      [database.host, database.pathname] = [primary.address, `/${rows[0]?.name}`];
      const port = await annex.takePort();
      const settings = `${options.port}=${port} ${options.database}=${database.href} ${options.cache}=${annex.redisUrl} ${options.others}`;
      const instance = await annex.start("old-side", settingsIn(settings, " "));
      open.defer(async () => void (await instance.stop("SIGTERM", graceMs)));
      const at = `http://127.0.0.1:${port}`;
      const serves = (): Promise<true | undefined> =>
        fetch(`${at}${options.ready}`, { signal: AbortSignal.timeout(answersWithinMs) }).then(
          ({ ok }) => ok || undefined,
          () => undefined,
        );
      await until("An instance on the primary of before was expected to serve", serves, { withinMs: servesWithinMs, everyMs: 100 });
      return at;
    };
    const merge = async (old: string, id: string): Promise<void> => {
      const [was, is] = [await ask(old, id), await ask(stack.url, id)];
      if (was.status !== 200 || is.status !== 200) return;
      const [before, now] = [was.body as Document, is.body as Document];
      if (!haveDiverged(before, now)) return;
      count("diverged");
      const [free, again] = [`old-${id}`, await ask(stack.url, id, before)];
      if (isTaken(again.status)) count("taken");
      else if (isRefused(again.status)) count("refused");
      const made = await ask(stack.url, free, before);
      if (isRefused(made.status)) count("refusedBeside");
      const [beside, still] = [await ask(stack.url, free), await ask(stack.url, id)];
      if (isTaken(made.status) && beside.status === 200)
        count(isDeepStrictEqual(without(beside.body as object), without(before)) ? "keptBeside" : "changedBeside");
      // Acknowledged, and not there; and what was there is there no more.
      if (isTaken(made.status) && beside.status === 404) count("changedBeside");
      if (still.status === 404) count("lost");
      if (still.status === 200)
        count((still.body as Document).version >= now.version && !haveDiverged(still.body as Document, now) ? "wentOn" : "lost");
    };
    return {
      on: "agents",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const old = await startOldSide();
        await later(Number(options.goOnMs), undefined, { ref: false });
        for (let n = 1; n <= Number(options.agents); n++) await merge(old, `agent-${n}`);
        numbers.asked = Number(options.agents);
      },
      bites: async () =>
        numbers.asked === undefined ? undefined : `of ${numbers.asked} agents ${numbers.diverged ?? 0} had diverged, and were brought back`,
      heal: () => open.disposeAsync(),
      healed: async () => (primary.pid() === undefined ? "the primary of before is gone again" : undefined),
      numbers: () => numbers,
    };
  },
} satisfies Fault;
