/**
 * HS-5: what was stored through one instance is found by a search through any other. The operations that store and search name the same `text` in their inputs; a
 * search answers with `texts`, and with `crowded` when what it found is so alike that the text need not be among it.
 */
import type { Json, Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime, ms } from "./judge.ts";

export interface FoundOptions {
  /** Names of the operations. */
  readonly remember: string;
  readonly recall: string;
}

/** Fewer searches through another instance than the one that stored tell nothing. */
const least = 50;

interface Found {
  readonly texts?: readonly Json[];
  readonly crowded?: boolean;
}

/** A search that began after a text had been acknowledged finds it, and none finds what only other keys were told to store. All are told by one client clock. */
export function foundElsewhere({ remember, recall }: FoundOptions): Checker {
  return ({ operations }) => {
    const stored = new Map<string, Operation>();
    /** Of each text: whoever was asked to remember it, whatever became of that. */
    const owners = new Map<Json, Set<string>>();
    for (const operation of operations) {
      if (operation.f !== remember) continue;
      const text = textOf(operation);
      owners.set(text, (owners.get(text) ?? new Set()).add(operation.key));
      if (operation.outcome === "ok") stored.set(`${operation.key} ${text}`, operation);
    }
    const found: Counterexample[] = [];
    let examined = 0;
    let elsewhere = 0;
    for (const search of operations) {
      if (search.f !== recall || search.outcome !== "ok") continue;
      const { texts = [], crowded } = search.output as Found;
      const text = textOf(search);
      for (const foreign of texts) {
        const by = owners.get(foreign);
        if (by === undefined || by.has(search.key)) continue;
        const said = `"${foreign}", which only ${[...by][0]} was told to remember, was found for ${search.key} through ${search.by || "an instance"} at ${at(search.invokedAt)} (operation ${search.index}).`;
        found.push({ time: search.completedAt, text: said });
      }
      const write = stored.get(`${search.key} ${text}`);
      if (write === undefined || write.completedAt >= search.invokedAt || crowded) continue;
      examined++;
      if (write.by !== "" && search.by !== "" && write.by !== search.by) elsewhere++;
      if (texts.includes(text)) continue;
      const since = `${ms(search.invokedAt - write.completedAt)} after it had been stored through ${write.by || "one instance"}`;
      found.push({
        time: search.completedAt,
        text: `"${text}" of ${search.key} was not found through ${search.by || "an instance"} at ${at(search.invokedAt)}, ${since} (operations ${write.index}, ${search.index}).`,
      });
    }
    const text = {
      holds: `All ${examined} searches found what had been stored, ${elsewhere} of them through another instance.`,
      nothing: `${elsewhere} searches went through another instance than the one that had stored; ${least} are needed.`,
    };
    return conclude("what one instance stores every other finds", elsewhere >= least ? examined : 0, inTime(found), text, { examined, elsewhere });
  };
}

function textOf({ input }: Operation): string {
  return String((input as { readonly text?: Json } | null)?.text);
}
