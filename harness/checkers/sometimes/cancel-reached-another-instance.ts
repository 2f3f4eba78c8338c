/** A cancel that arrives where the run is says nothing of how it gets elsewhere. */
import type { Situation } from "../../core/verdict.ts";
import { at } from "../judge.ts";
import { named, sectionsOf } from "../sections.ts";
import { textField } from "../trail.ts";

export default {
  what: "a cancel was sent to one instance while another worked on the run",
  sightings({ operations, ledger, deltaMs }) {
    const { bySubject } = sectionsOf(ledger, "run");
    return operations.flatMap((cancel) => {
      if (cancel.f !== "cancel" || cancel.outcome !== "ok" || cancel.by === "") return [];
      const run = textField(cancel.input, "run") || cancel.key;
      const elsewhere = bySubject
        .get(run)
        ?.find(
          ({ instance, enteredAt, endAt }) => instance !== cancel.by && enteredAt + deltaMs < cancel.invokedAt && endAt > cancel.invokedAt + deltaMs,
        );
      if (elsewhere === undefined) return [];
      const text = `${cancel.by} took the cancel of run ${run} at ${at(cancel.invokedAt)} (operation ${cancel.index}) while ${named(elsewhere)} was under way (ledger ${elsewhere.enteredSeq}).`;
      return [{ time: cancel.invokedAt, text }];
    });
  },
} satisfies Situation;
