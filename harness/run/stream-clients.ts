/**
 * Clients of event streams, beside the load: k6 buffers bodies, so they are Node's, in the same history format (`streams.jsonl`, on the harness clock).
 * Of some of the runs that the load creates, one client follows the events to the end, and another joins late, be the run over by then, breaks off by itself after a
 * few events and resumes; both resume whenever they are cut off.
 */
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { type Clock, sleep } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import type { Journal } from "../base/journal.ts";
import type { StreamClients } from "../core/experiment.ts";
import type { CompleteLine, InvokeLine, Json } from "../core/history.ts";
import type { Random } from "../core/random.ts";
import type { StreamProtocol } from "../core/target.ts";
import type { Followers } from "./followers.ts";

/** Of connections that ended early or never came to be: how long until the next (ms), and how many in a row are borne. */
const againMs = 100;
const failuresBorne = 100;
/** A late client joins within one of these times (ms), while the run goes on or when it may be over, and breaks off after so many events, of a short run also just before its end. */
const joinWithinMs = [800, 8000] as const;
const breakOffAfter = [1, 6] as const;

export function startStreams(options: {
  readonly clients: StreamClients;
  readonly protocol: StreamProtocol;
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal<InvokeLine | CompleteLine>;
}): Followers {
  const { clients, protocol, clock, random } = options;
  const stopped = new AbortController();
  const followed = new Set<string>();
  const all = new Set<Promise<void>>();
  let created = 0;

  /** One connection: an operation of a process of its own. Answers the last id it knows and whether the run's end has come. */
  const connect = async (run: string, process: string, lastEventId: number, breakAfter: number): Promise<{ last: number; ended: boolean }> => {
    const events: Json[] = [];
    let last = lastEventId;
    let ended = false;
    let silentSince = clock.now();
    let silenceMaxMs = 0;
    /** Nothing is owed before the answer has begun, nor once the client has all that it wants. */
    let isOpen = false;
    const endSilence = (): void => {
      const now = clock.now();
      silenceMaxMs = Math.max(silenceMaxMs, now - silentSince);
      silentSince = now;
    };
    let by: string | null = null;
    let served: CompleteLine["served"] = "error";
    const broke = new AbortController();
    const parser = createParser({
      onEvent(message: EventSourceMessage) {
        // Who has broken off does not know what was on its way to him.
        if (broke.signal.aborted) return;
        const { kind, attempt, of } = protocol.read(message);
        events.push({ id: Number(message.id), kind, attempt, of, at: clock.now() });
        last = Number(message.id);
        ended ||= kind === "end";
        if (events.length >= breakAfter) broke.abort();
      },
    });
    options.journal.write({ type: "invoke", time: clock.now(), process, f: "stream", key: run, value: { lastEventId } });
    const complete = (type: CompleteLine["type"], error = ""): void => {
      if (isOpen) endSilence();
      options.journal.write({
        ...{ type, time: clock.now(), process, f: "stream", served: type === "ok" ? "yes" : served, value: { events, silenceMaxMs } },
        ...(error === "" ? {} : { error }),
        ...(by === null ? {} : { by }),
      });
    };
    try {
      const { path, headers } = protocol.request(run, lastEventId);
      const response = await fetch(`${options.url}${path}`, { headers, signal: AbortSignal.any([stopped.signal, broke.signal]) });
      by = response.headers.get(protocol.instanceHeader);
      if (response.status === 204) ended = true;
      else if (response.status !== 200) {
        served = response.status === 503 ? "shed" : "error";
        // Who is refused for now is to be told when to come again (LG-11).
        throw new Error(`status ${response.status}${served === "shed" && !response.headers.has("retry-after") ? " without Retry-After" : ""}`);
      } else isOpen = true;
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        endSilence();
        parser.feed(chunk);
        isOpen = !ended && !broke.signal.aborted;
        if (ended) break;
      }
      const whole = ended || broke.signal.aborted;
      complete(whole ? "ok" : "info", whole ? "" : "the stream ended before the run");
    } catch (error) {
      if (broke.signal.aborted) complete("ok");
      else complete("info", messageOf(error));
    }
    return { last, ended };
  };

  const follow = async (run: string, client: string, late: boolean): Promise<void> => {
    if (late) await sleep(random.next() * random.pick(joinWithinMs), stopped.signal);
    let breaks = late ? 2 : 0;
    for (let connection = 1, failures = 0, last = 0; failures < failuresBorne && !stopped.signal.aborted; connection++) {
      const breakAfter = breaks-- > 0 ? random.integer(...breakOffAfter) : Number.POSITIVE_INFINITY;
      const now = await connect(run, `${client}.${connection}`, last, breakAfter);
      if (now.ended) return;
      failures = now.last > last ? 0 : failures + 1;
      last = now.last;
      await sleep(againMs, stopped.signal);
    }
  };

  const begin = (run: string): void => {
    followed.add(run);
    for (const late of [false, true]) {
      const following = follow(run, `stream${followed.size}${late ? "b" : "a"}`, late)
        .catch(() => {}) // Told to stop between two connections.
        .finally(() => all.delete(following));
      all.add(following);
    }
  };

  return {
    followed,
    stored: protocol.stored,
    isComplete: (lastKind) => lastKind === "end",
    take(lines) {
      for (const line of lines) {
        if (line.type !== "ok" || line.f !== clients.ofCreated) continue;
        const run = (line.value as { readonly run?: Json } | undefined)?.run;
        if (typeof run === "string" && created++ % clients.everyNth === 0) begin(run);
      }
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await Promise.all(all);
    },
  };
}
