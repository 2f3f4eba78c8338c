import { setImmediate, setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { together } from "./together.ts";

/** Keeps what it is sent until it is told to answer. */
function aService() {
  const sent: { readonly items: readonly number[]; readonly answer: PromiseWithResolvers<readonly string[]> }[] = [];
  const ask = together((_to: object, items: readonly number[]) => {
    const answer = Promise.withResolvers<readonly string[]>();
    sent.push({ items, answer });
    return answer.promise;
  });
  const answer = (i: number): void => sent[i]?.answer.resolve(sent[i].items.map((item) => `${item}!`));
  return { sent: () => sent.map(({ items }) => items), ask, answer, refuse: (i: number) => sent[i]?.answer.reject(new Error("refused")) };
}

describe("together", () => {
  it("sends what is asked for in one turn at once, and answers each", async () => {
    const { sent, ask, answer } = aService();
    const to = {};
    const asked = [ask(to, 1), ask(to, 2), ask(to, 3)];
    await setImmediate();
    expect(sent()).toEqual([[1, 2, 3]]);
    answer(0);
    expect(await Promise.all(asked)).toEqual(["1!", "2!", "3!"]);
  });

  it("gathers while it waits for an answer, and sends with the answer", async () => {
    const { sent, ask, answer } = aService();
    const to = {};
    const first = ask(to, 1);
    await setImmediate();
    const second = ask(to, 2);
    await setImmediate();
    const third = ask(to, 3);
    answer(0);
    expect(await first).toBe("1!");
    await setImmediate();
    expect(sent()).toEqual([[1], [2, 3]]);
    answer(1);
    expect(await Promise.all([second, third])).toEqual(["2!", "3!"]);
  });

  it("does not wait longer for an answer that does not come", async () => {
    const { sent, ask, answer } = aService();
    const to = {};
    void ask(to, 1);
    await setImmediate();
    const second = ask(to, 2);
    await setTimeout(20);
    expect(sent()).toEqual([[1], [2]]);
    answer(1);
    expect(await second).toBe("2!");
    // What is asked for next goes out at once, and the answer that comes late sends nothing twice.
    const third = ask(to, 3);
    await setImmediate();
    answer(0);
    answer(2);
    expect(await third).toBe("3!");
    expect(sent()).toEqual([[1], [2], [3]]);
  });

  it("takes an answer that is still to come for each of them", async () => {
    const ask = together(async (_to: object, items: readonly number[]) =>
      items.map(async (item) => {
        if (item === 2) throw new Error("refused");
        return item;
      }),
    );
    const to = {};
    expect(await Promise.allSettled([ask(to, 1), ask(to, 2), ask(to, 3)])).toMatchObject([{ value: 1 }, { status: "rejected" }, { value: 3 }]);
  });

  it("tells everybody who asked together why it failed, and nobody else", async () => {
    const { ask, answer, refuse } = aService();
    const to = {};
    const refused = [ask(to, 1), ask(to, 2)];
    const other = ask({}, 3);
    await setImmediate();
    refuse(0);
    answer(1);
    await expect(refused[0]).rejects.toThrow("refused");
    await expect(refused[1]).rejects.toThrow("refused");
    expect(await other).toBe("3!");
  });
});
