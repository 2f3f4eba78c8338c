/** AB-4, HA-8, HA-11: what a version holds, whoever reads it wherever. What is recorded is said in `versions.ts`; here writes also name what they write. */
import type { Json, Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { textField } from "./trail.ts";
import { type VersionNames, versionOf } from "./versions.ts";

interface ContentNames extends VersionNames {
  readonly write: string;
  /** The field of a write's input, and of the answers to reads, that holds the content: a text or a number that no other write of that thing writes. */
  readonly content: string;
}

/** What is known of one version: what it holds, and who says so. */
interface Held {
  readonly content: string;
  readonly by: Operation;
}

/**
 * A version is one content for everybody: that of the write that was acknowledged with it, else whatever it is that all its readers are shown; and nobody is shown
 * what nobody wrote. So a version that was shown before it was committed, and never was, is found as soon as another write gets its number. A write of unknown
 * outcome may have got any number.
 */
export function oneContent(names: ContentNames): Checker {
  return ({ operations }) => {
    const found: Counterexample[] = [];
    let examined = 0;
    let keys = 0;
    const accuse = ({ completedAt: time }: Operation, text: string): void => void found.push({ time, text });
    const contentOf = (value: Json): string => textField(value, names.content);
    for (const [key, ofKey] of Map.groupBy(
      operations.filter(({ f }) => f === names.write || f === names.read),
      (operation) => operation.key,
    )) {
      const writes = ofKey.filter(({ f, outcome }) => f === names.write && outcome !== "fail");
      if (writes.length === 0) continue;
      keys++;
      const writtenBy = new Map(writes.map((write) => [contentOf(write.input), write]));
      const versions = new Map<number, Held>();
      for (const write of writes) {
        const version = versionOf(write);
        if (write.outcome !== "ok" || version === 0) continue;
        const content = contentOf(write.input);
        const told = contentOf(write.output);
        const other = versions.get(version);
        versions.set(version, { content, by: write });
        if (other) accuse(write, `two writes of ${key} were acknowledged as version ${version} (operations ${other.by.index}, ${write.index}).`);
        if (told !== "" && told !== content)
          accuse(write, `the write of ${content} to ${key} was answered with ${told} at version ${version} (operation ${write.index}).`);
      }
      for (const read of ofKey) {
        const version = versionOf(read);
        if (read.f !== names.read || read.outcome !== "ok" || version === 0) continue;
        examined++;
        const content = contentOf(read.output);
        const held = versions.get(version) ?? { content, by: read };
        versions.set(version, held);
        const shown = `version ${version} of ${key} was shown as ${content || "nothing"} at ${at(read.completedAt)}`;
        const writer = writtenBy.get(content);
        if (held.content !== content) accuse(read, `${shown}, and it is ${held.content || "nothing"} (operations ${held.by.index}, ${read.index}).`);
        else if (writer === undefined) accuse(read, `${shown}, which nobody had written (operation ${read.index}).`);
        else if (writer.invokedAt > read.completedAt)
          accuse(read, `${shown}, before anybody asked for it to be written (operations ${read.index}, ${writer.index}).`);
      }
    }
    const text = {
      holds: `${examined} reads of ${keys} things were shown what was written at that version.`,
      nothing: "Nothing was read that had been written.",
    };
    return conclude("a version has one content", examined, inTime(found), text, { reads: examined });
  };
}
