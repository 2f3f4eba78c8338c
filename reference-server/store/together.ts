/** What several callers ask for at about the same moment, done by one statement. */

interface Asked<I, O> extends PromiseWithResolvers<O> {
  readonly item: I;
}

interface Group<I, O> {
  asked: Asked<I, O>[];
  /** Fires when what was asked for has waited long enough. */
  timer: NodeJS.Timeout | undefined;
  /** What was sent last and has not been answered. */
  sent: Promise<void> | undefined;
}

/** How long what is asked for waits for the answer to what was sent before it (ms): what is held up does not hold up the others. */
const longestWaitMs = 5;

/**
 * Returns a function that hands what is asked of it in one turn of the event loop to `send`, all at once; and, while `send` is at work, what is asked until it is done,
 * for 5 ms at most. `send` answers each item, in their order, with its answer or with who will give it. When it rejects, everybody who asked with it is told why.
 */
export function together<S extends object, I, O>(
  send: (to: S, items: readonly I[]) => Promise<readonly (O | Promise<O>)[]>,
): (to: S, item: I) => Promise<O> {
  const groups = new WeakMap<S, Group<I, O>>();
  const sendAll = async (to: S, all: readonly Asked<I, O>[]): Promise<void> => {
    try {
      const items = all.map(({ item }) => item);
      const answers = await send(to, items);
      for (const [i, { resolve }] of all.entries()) resolve(answers[i] as O | Promise<O>);
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  };
  const flush = (to: S, group: Group<I, O>): void => {
    clearTimeout(group.timer);
    const { asked } = group;
    group.asked = [];
    const sent = sendAll(to, asked).then(() => {
      if (group.sent !== sent) return;
      group.sent = undefined;
      if (group.asked.length > 0) flush(to, group);
    });
    group.sent = sent;
  };
  return (to, item) => {
    const group = groups.get(to) ?? { asked: [], timer: undefined, sent: undefined };
    groups.set(to, group);
    const asked = { item, ...Promise.withResolvers<O>() };
    if (group.asked.push(asked) > 1) return asked.promise;
    if (group.sent) group.timer = setTimeout(flush, longestWaitMs, to, group);
    else setImmediate(flush, to, group);
    return asked.promise;
  };
}
