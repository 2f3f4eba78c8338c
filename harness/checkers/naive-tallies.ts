/** What the counting models are to find, element by element and read by read, without any cleverness. For tests. */
import type { Json, Operation } from "../core/history.ts";

const is =
  (f: string, ...outcomes: readonly string[]) =>
  (one: Operation) =>
    one.f === f && (outcomes.length === 0 || outcomes.includes(one.outcome));
const times = (all: readonly Json[], value: Json): number => all.filter((one) => one === value).length;
const listed = (one: Operation): readonly Json[] => one.output as readonly Json[];

/** By model: whether the history is wrong. */
export const naively: Readonly<Record<string, (history: readonly Operation[]) => boolean>> = {
  totalQueue(history) {
    const put = history.filter(is("enqueue")).map(({ input }) => input);
    const acknowledged = history.filter(is("enqueue", "ok")).map(({ input }) => input);
    const taken = history.filter(is("dequeue", "ok")).map(({ output }) => output);
    const mayBeTaken = history.filter(is("dequeue", "info")).length;
    const values = [...new Set([...put, ...taken])];
    const lost = values.reduce((sum: number, value) => sum + Math.max(0, times(acknowledged, value) - times(taken, value)), 0);
    return lost > mayBeTaken || values.some((value) => times(taken, value) > times(put, value));
  },
  uniqueIds(history) {
    const given = history.filter(is("generate", "ok"));
    return given.some((one) => given.some((other) => other !== one && other.output === one.output));
  },
  /** Reads of one client, so that the last one is not open to question. */
  set(history) {
    const last = history
      .filter(is("read", "ok"))
      .reduce<Operation | undefined>((a, b) => (a !== undefined && a.invokedAt > b.invokedAt ? a : b), undefined);
    if (last === undefined) return false;
    const adds = history.filter(is("add"));
    const lost = adds.some(({ outcome, input, completedAt }) => outcome === "ok" && completedAt < last.invokedAt && !listed(last).includes(input));
    return lost || listed(last).some((value) => !adds.some(({ input }) => input === value));
  },
  setFull(history) {
    const reads = history.filter(is("read", "ok"));
    const adds = history.filter(is("add"));
    const wrong = reads.some((read) => listed(read).some((value) => times(listed(read), value) > 1 || !adds.some(({ input }) => input === value)));
    const lost = adds.some(({ input }) => {
      const shows = reads.filter((read) => listed(read).includes(input));
      const knownAt = [...adds.filter((one) => one.input === input && one.outcome === "ok"), ...shows].map(({ completedAt }) => completedAt);
      const absent = reads.filter((read) => !listed(read).includes(input) && knownAt.some((at) => at < read.invokedAt));
      return absent.some((read) => shows.every((other) => other.invokedAt < read.invokedAt));
    });
    return wrong || lost;
  },
  /** Whether no choice among what may have been added by the time of the answer gives what was read. */
  counterBounds(history) {
    return history.filter(is("read", "ok")).some((read) => {
      const adds = history.filter((one) => is("add", "ok", "info")(one) && one.invokedAt <= read.completedAt);
      const sums = adds.reduce(
        (all, { input, completedAt }) => [...(completedAt < read.invokedAt ? [] : all), ...all.map((sum) => sum + (input as number))],
        [0],
      );
      return (read.output as number) < Math.min(...sums) || (read.output as number) > Math.max(...sums);
    });
  },
};
