import { allGiven } from "../core/settings.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { type SettingWords, tryGiven } from "./tools/given-settings.ts";

export default {
  what: "Not a fault but a choice: beside the deployment, processes of the target are started one after another with the same settings given in two places, the environment, a .env file, and files that either names; which of the values each took is told by whom it lets in (`secret`) and how it is called (`plain`).",
  needs: ["settings of their own"],
  prepare({ stack, ledger, options }) {
    const numbers: Record<string, number> = {};
    let started = 0;
    return {
      on: "settings",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        if (!stack.openAnnex) throw new Error("A driver was expected that runs instances with settings of their own, and this one does not.");
        const annex = await stack.openAnnex();
        const words = options as Readonly<Record<keyof SettingWords, string>>;
        for (const given of allGiven) Object.assign(numbers, await tryGiven(annex, `given-${++started}`, given, words));
      },
      bites: async () => (started > 0 ? `${started} processes were started with settings of their own` : undefined),
      heal: async () => {},
      healed: async () => "each was ended when it had been asked",
      numbers: () => numbers,
    };
  },
} satisfies Fault;
