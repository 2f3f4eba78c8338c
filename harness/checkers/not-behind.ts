/**
 * HA-8: a copy that is behind what its client has seen is no reason to refuse the client, because the record has it. Reads and writes as in `versions.ts`, and the input of a read says how
 * far its client has got (`seen`, a version; 0: nowhere). For faults that take nothing from the record.
 */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime, ms } from "./judge.ts";
import { numberField } from "./trail.ts";
import { accesses, type VersionNames, versionOf } from "./versions.ts";

/** The client is told that it may not read, or not yet. Who is told to come more seldom, or was too slow himself, is told something else. */
const refusal = /^status 4(?!08|29)\d\d\b/;

/** Fewer reads through another instance than the one that acknowledged the write tell nothing. */
const least = 50;

/** Whoever has seen a version that had been acknowledged before his read began is not refused it. Errors of a server, and no answer, allow both. All are told by one client clock. */
export function notRefusedAsBehind(names: VersionNames): Checker {
  return ({ operations }) => {
    const written = accesses(operations, names);
    const found: Counterexample[] = [];
    let [examined, elsewhere] = [0, 0];
    for (const read of operations) {
      const refused = read.outcome !== "ok" && refusal.test(read.error);
      if (read.f !== names.read || (read.outcome !== "ok" && !refused)) continue;
      const seen = numberField(read.input, "seen");
      const acknowledged = seen > 0 && newest(written.get(read.key)?.writes ?? [], read.invokedAt);
      if (!acknowledged || versionOf(acknowledged) < seen) continue;
      examined++;
      if (acknowledged.by !== "" && read.by !== "" && acknowledged.by !== read.by) elsewhere++;
      if (!refused) continue;
      const since = `${ms(read.invokedAt - acknowledged.completedAt)} after version ${versionOf(acknowledged)} had been acknowledged by ${acknowledged.by || "an instance"}`;
      found.push({
        time: read.answeredAt,
        text: `the read of ${read.key} at ${at(read.invokedAt)} by a client that had seen version ${seen} was refused by ${read.by || "an instance"} (${read.error}), ${since} (operations ${acknowledged.index}, ${read.index}).`,
      });
    }
    const text = {
      holds: `None of ${examined} reads of what had been acknowledged was refused, ${elsewhere} of them through another instance.`,
      nothing: `${elsewhere} reads went through another instance than the one that had acknowledged what they asked for; ${least} are needed.`,
    };
    const numbers = { examined, elsewhere };
    return conclude("who has seen more than a copy has is not refused", elsewhere >= least ? examined : 0, inTime(found), text, numbers);
  };
}

/** The write with the highest version of those that were acknowledged before a time. */
function newest(writes: readonly Operation[], time: number): Operation | undefined {
  let best: Operation | undefined;
  for (const write of writes) if (write.completedAt < time && (best === undefined || versionOf(write) > versionOf(best))) best = write;
  return best;
}
