import { setTimeout as later } from "node:timers/promises";
import type { NewPostgres } from "../drivers/stack.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { type Asked, askedBy, isAccepting } from "./tools/pg-isready.ts";

const answerWithinMs = 500;
const everyMs = 10;
const answersWithinMs = 30_000;
/** What a start for the first time has to fill in: long enough to be asked in between. */
const initialising = "create table filled as select n, repeat('x', 200) as text from generate_series(1, 100000) n";
/** What a recovery has to do again. */
const unsaved = "insert into filled select n, repeat('y', 200) from generate_series(1, 200000) n";

interface Watched {
  readonly asked: Asked;
  yes: number;
  /** Said yes, and a statement that was sent after it failed. */
  tooEarly: number;
}

export default {
  what: "No disturbance but a look: beside the deployment a Postgres is started for the first time, as the entry point of its image does it (initdb, a temporary server that listens on its socket alone, the real one), killed and started again; meanwhile the check of the target's `manifest` is asked, and pg_isready at the socket, each followed by SELECT 1.",
  needs: ["first starts"],
  prepare({ stack, ledger, options }) {
    const watched = new Map<string, Watched>();
    let starts = 0;
    let server: NewPostgres | undefined;
    const watch = async (asked: NewPostgres, over: AbortSignal): Promise<void> => {
      while (!over.aborted) {
        for (const one of watched.values()) {
          if (!(await isAccepting(one.asked, answerWithinMs))) continue;
          const answers = await asked.answers();
          // It may have been ended in between.
          if (over.aborted) return;
          if (answers === undefined) continue;
          one.yes++;
          if (!answers) one.tooEarly++;
        }
        await later(everyMs);
      }
    };
    return {
      on: "a new Postgres",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        if (!stack.newPostgres) throw new Error("A driver that can watch a first start was expected, and this one cannot.");
        const started = await stack.newPostgres();
        server = started;
        const words = /command: \[(pg_isready[^\]]*)\]/.exec(await stack.readTree(String(options.manifest)))?.[1]?.split(/,\s*/);
        if (!words) throw new Error(`A check by pg_isready was expected in ${options.manifest} and not found.`);
        watched.set("manifest", { asked: askedBy(words, started), yes: 0, tooEarly: 0 });
        watched.set("socket", { asked: askedBy(["pg_isready"], started), yes: 0, tooEarly: 0 });
        const during = async (steps: () => Promise<void>): Promise<void> => {
          const over = new AbortController();
          const watching = watch(started, over.signal);
          try {
            await steps();
          } finally {
            over.abort();
            await watching;
          }
        };
        await during(async () => {
          await started.initialise();
          await started.start(false);
          await fill(started, initialising, true);
        });
        // While a server ends, a yes may be older than its end.
        await started.stop("fast");
        await during(async () => {
          await started.start(true);
          await untilAnswers(started);
          starts++;
        });
        await fill(started, unsaved, false);
        await started.stop("kill");
        await during(async () => {
          await started.start(true);
          await untilAnswers(started);
          starts++;
        });
      },
      bites: async () =>
        starts === 2 ? `a new Postgres was started for the first time and after a crash, and asked ${[...watched.keys()].join(" and ")}` : undefined,
      heal: async () => server?.stop("fast"),
      healed: async () => "the new Postgres has ended",
      numbers: () =>
        Object.fromEntries(
          [...watched].flatMap(
            ([name, one]) =>
              [
                [`${name} yes`, one.yes],
                [`${name} tooEarly`, one.tooEarly],
              ] as const,
          ),
        ),
    };
  },
} satisfies Fault;

async function fill(server: NewPostgres, sql: string, socket: boolean): Promise<void> {
  const deadline = performance.now() + answersWithinMs;
  for (;;) {
    const client = await server.connect(socket).catch((error) => {
      if (performance.now() > deadline) throw error;
    });
    if (client) {
      await client.query(sql).finally(() => client.end());
      return;
    }
    await later(everyMs);
  }
}

async function untilAnswers(server: NewPostgres): Promise<void> {
  for (const deadline = performance.now() + answersWithinMs; !(await server.answers()); await later(everyMs)) {
    if (performance.now() > deadline) throw new Error(`A new Postgres was expected to answer SELECT 1 within ${answersWithinMs} ms, and did not.`);
  }
  // Asked once more now that it is there.
  await later(500);
}
