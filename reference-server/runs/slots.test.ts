import { expect, it } from "vitest";
import { openSlots } from "./slots.ts";

const never = new AbortController().signal;

it("lets as many in as there are slots, and the others in their order as slots become free", async () => {
  const slots = openSlots(2);
  const entered: string[] = [];
  const enter = async (name: string): Promise<Disposable> => {
    const slot = await slots.take(never);
    entered.push(name);
    return slot;
  };
  const [a, b] = await Promise.all([enter("a"), enter("b")]);
  const c = enter("c");
  const d = enter("d");
  await new Promise(setImmediate);
  expect(entered).toEqual(["a", "b"]);
  b[Symbol.dispose]();
  const third = await c;
  expect(entered).toEqual(["a", "b", "c"]);
  third[Symbol.dispose]();
  a[Symbol.dispose]();
  await d;
  expect(entered).toEqual(["a", "b", "c", "d"]);
});

it("does not lose a slot whose turn comes in the moment in which its waiter gives up", async () => {
  const slots = openSlots(1);
  const first = await slots.take(never);
  const impatient = new AbortController();
  const waiting = slots.take(impatient.signal);
  first[Symbol.dispose]();
  impatient.abort(new Error("taken away"));
  await Promise.allSettled([waiting]);
  (await waiting.catch(() => undefined))?.[Symbol.dispose]();
  await expect(slots.take(AbortSignal.timeout(5000))).resolves.toBeDefined();
});

it("takes one who gives up out of the line", async () => {
  const slots = openSlots(1);
  const first = await slots.take(never);
  const impatient = new AbortController();
  const waiting = slots.take(impatient.signal);
  const patient = slots.take(never);
  impatient.abort(new Error("taken away"));
  await expect(waiting).rejects.toThrow("taken away");
  first[Symbol.dispose]();
  await expect(patient).resolves.toBeDefined();
});

it("tells who waits and who comes that nobody gets a slot any more", async () => {
  const slots = openSlots(1);
  await slots.take(never);
  const waiting = slots.take(never);
  slots.close(new Error("draining"));
  await expect(waiting).rejects.toThrow("draining");
  await expect(slots.take(never)).rejects.toThrow("draining");
});
