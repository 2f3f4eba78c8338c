import { setTimeout as later } from "node:timers/promises";
import type { Instance } from "../drivers/stack.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { askFrom } from "./tools/from-address.ts";
import { answersSelectOne } from "./tools/outsider.ts";

const graceMs = 30_000;
/** By then a process that has not come alive is not looked at any further. */
const aliveWithinMs = 10_000;
const everyMs = 250;

/** One instance that was started without a database, as the harness saw it. */
interface Started {
  readonly instance: Instance;
  live: boolean;
  /** Answers of its liveness page that said no. */
  notLive: number;
  /** Answers of its readiness page that said yes while Postgres was down. */
  readyAlone: number;
  endedAt: number | undefined;
  readyAt: number | undefined;
}

export default {
  what: "Every instance is stopped and Postgres too; then they come back in the wrong order: the instances first, asked meanwhile whether they are alive (`live`) and ready, and Postgres once all are alive, `aloneMs` later.",
  layouts: ["single"],
  prepare({ stack, ledger, options }) {
    const instances = stack.instances();
    const live = String(options.live);
    let started: readonly Started[] = [];
    let postgresAt = Number.POSITIVE_INFINITY;
    const look = async (one: Started): Promise<void> => {
      const { status } = await askFrom("127.0.0.1", { port: one.instance.port, path: live });
      one.live ||= status === 200;
      if (status !== 0 && status !== 200) one.notLive++;
      if (await one.instance.isReady(500)) one.readyAlone++;
    };
    return {
      on: "postgres",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        await Promise.all(instances.map((instance) => instance.terminate("SIGTERM", graceMs)));
        await stack.postgres.stop?.("fast", graceMs);
        const began = performance.now();
        started = instances.map((instance) => ({ instance, live: false, notLive: 0, readyAlone: 0, endedAt: undefined, readyAt: undefined }));
        const starts = started.map((one) =>
          one.instance.start().then(
            () => {
              one.readyAt = performance.now();
            },
            () => {
              one.endedAt = performance.now();
            },
          ),
        );
        let until = began + aliveWithinMs;
        for (let allLive = false; performance.now() < until; await later(everyMs)) {
          await Promise.all(started.map(look));
          if (allLive || !started.every((one) => one.live || one.endedAt !== undefined)) continue;
          allLive = true;
          until = performance.now() + Number(options.aloneMs);
        }
        postgresAt = performance.now();
        await stack.postgres.start();
        await Promise.all(starts);
      },
      bites: async () => (started.length > 0 && Number.isFinite(postgresAt) ? `${started.length} instances were started before Postgres` : undefined),
      async heal() {
        for (const { instance } of started) if (instance.pid() === undefined) await instance.start();
      },
      healed: async () =>
        (await answersSelectOne(stack)) && (await Promise.all(instances.map((one) => one.isReady(500)))).every(Boolean)
          ? "all answer ready"
          : undefined,
      numbers() {
        const of = ({ instance: { name }, live, notLive, readyAlone, endedAt = 0, readyAt }: Started): [string, number][] => [
          [`${name} live`, live ? 1 : 0],
          [`${name} notLive`, notLive],
          [`${name} readyAlone`, readyAlone],
          [`${name} ended`, endedAt > 0 && endedAt < postgresAt ? 1 : 0],
          ...(readyAt === undefined ? [] : [[`${name} readyAfterMs`, Math.max(0, readyAt - postgresAt)] satisfies [string, number]]),
        ];
        return Object.fromEntries(started.flatMap(of));
      },
    };
  },
} satisfies Fault;
