/**
 * The external effects of runs and turns. All pieces of work of an instance report over one connection, each under a name of its own: a connection for each of them costs more
 * than its reports. The end of the connection, however it comes, is the end of everything that was reported over it.
 */
import { settledWithin } from "../clock.ts";
import { type Address, type EffectsLink, EffectsUnavailable, openLink } from "./link.ts";

export { EffectsUnavailable } from "./link.ts";

const leaveTimeoutMs = 500;

export interface Effects extends AsyncDisposable {
  /** Enters the work; resolves when acknowledged. Throws EffectsUnavailable, as `step` does. */
  enter(): Promise<void>;
  /** Performs step 1, 2, 3, ...; resolves when acknowledged. */
  step(step: number): Promise<void>;
  /** Leaves in any state, without an error; waits half a second at most until that is acknowledged. Nothing can be reported after it. Repeating it is harmless. */
  leave(): Promise<void>;
}

interface Work {
  /** An attempt of a run, or a critical section under a lock. */
  readonly scope: "run" | "lock";
  readonly subject: string;
  /** The attempt's number or the lock's token. */
  readonly token: number;
}

export interface EffectService extends Disposable {
  /** Begins a piece of work; where there is no service every report succeeds. Throws EffectsUnavailable. */
  begin(work: Work): Promise<Effects>;
}

const nothing: Effects = {
  enter: async () => {},
  step: async () => {},
  leave: async () => {},
  [Symbol.asyncDispose]: async () => {},
};

function effectsOver(link: EffectsLink, work: Work & { readonly section: string }): Effects {
  let entered = false;
  let left: Promise<unknown> | undefined;
  const report = async (kind: "enter" | "step", step: number): Promise<void> => {
    if (left) throw new EffectsUnavailable("The effect service cannot be told: the work has been left.");
    entered = true;
    await link.report({ kind, ...work, step });
  };
  const leave = async (): Promise<void> => {
    // Stopped before the first report, or the connection has ended: there is nothing to leave.
    left ??= entered && link.isOpen() ? link.report({ kind: "exit", ...work, step: 0 }) : Promise.resolve();
    await settledWithin(left, leaveTimeoutMs);
  };
  return { enter: () => report("enter", 0), step: (step) => report("step", step), leave, [Symbol.asyncDispose]: leave };
}

/** The service at `address`, or none. Connects with the first piece of work, and again with the next one after the connection has ended. Disposing ends the connection. */
export function openEffects(address: Address | undefined): EffectService {
  if (!address) return { begin: async () => nothing, [Symbol.dispose]() {} };
  let link: EffectsLink | undefined;
  let dialling: Promise<EffectsLink> | undefined;
  let begun = 0;
  let closed = false;
  const connected = async (): Promise<EffectsLink> => {
    if (link?.isOpen()) return link;
    dialling ??= openLink(address).finally(() => {
      dialling = undefined;
    });
    link = await dialling;
    if (closed) link[Symbol.dispose]();
    return link;
  };
  return {
    begin: async (work) => effectsOver(await connected(), { ...work, section: String(begun++) }),
    [Symbol.dispose]() {
      closed = true;
      link?.[Symbol.dispose]();
    },
  };
}
