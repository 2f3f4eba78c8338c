import { type Fault, instanceNamed } from "./fault.ts";
import { settingsIn } from "./tools/settings.ts";

const graceMs = 30_000;

export default {
  what: "An instance comes back from a restart with another value of a setting than all others; the options are such settings, tried one after another until it is let in with one; with a value further settings may be given (`4 CONFIG_GENERATION=1`). Healed by starting it as before.",
  prepare({ stack, ledger, on, options }) {
    const instance = instanceNamed(stack, on);
    const tried = Object.entries(options).map(([name, value]) => `${name}=${value}`);
    const wrong = tried.flatMap((settings) => settings.split(" ")).find((one) => !/^[A-Z][A-Z0-9_]*=/.test(one));
    if (wrong !== undefined) throw new Error(`All options of drift were expected to be settings, NAMES_LIKE_THIS=value, and "${wrong}" is none.`);
    const keptOut: string[] = [];
    let admittedWith: string | undefined;
    let endedAfterMs = 0;
    return {
      on,
      working: () => ledger.working(on),
      async inject() {
        endedAfterMs = (await instance.terminate("SIGTERM", graceMs)).afterMs;
        for (const settings of tried) {
          const became = await instance.startWith(settingsIn(settings, " "));
          if (became === "ready") admittedWith = settings;
          else keptOut.push(`started with ${settings}: it was kept out. ${became}`);
          // One that does not end either is given up after a long wait, and the others would be, too.
          if (admittedWith !== undefined || !became.includes("ended with")) return;
        }
      },
      async bites() {
        const admitted = await instance.isReady(500);
        if (admitted !== (admittedWith !== undefined)) return undefined;
        if (admitted) return `started with ${admittedWith}: process ${instance.pid()} answers ready`;
        return keptOut.join(" ");
      },
      async heal() {
        if (instance.pid() !== undefined) await instance.terminate("SIGTERM", graceMs);
        await instance.start();
      },
      healed: async () => ((await instance.isReady(500)) ? `process ${instance.pid()} answers ready` : undefined),
      numbers: () => ({ admitted: admittedWith === undefined ? 0 : 1, tried: keptOut.length + (admittedWith === undefined ? 0 : 1), endedAfterMs }),
    };
  },
} satisfies Fault;
