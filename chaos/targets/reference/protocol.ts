/**
 * The reference server's protocol: operation -> request, response -> outcome. Pure TypeScript that k6 and Node both import; scenarios and
 * probes speak operations, never URLs.
 */
import type { Json } from "../../../harness/core/history.ts";
import { blockOperations } from "./blocks.ts";
import { keyOperations } from "./keys.ts";
import { at, get, heldIn, json, nearIn, type OperationProtocol, put, type Request, type Result, read, readVersion } from "./requests.ts";
import { sessionOperations } from "./sessions.ts";

/** Of a run that has ended well, how many steps its result tells of. */
const resultOf = ({ status, result }: Record<string, Json>): { readonly steps?: Json } =>
  status === "success" ? { steps: (result as { readonly steps?: Json } | null)?.steps ?? null } : {};

/** Which region the client is in, where the balancer is to know it. */
const fromRegion = ({ region }: { readonly region?: string }): Request["headers"] => (region === undefined ? {} : { "X-Region": region });

/** Memories that a search asks for. */
const recallLimit = 20;
/** What is more similar than this has the same words, as far as anybody can tell. */
const asNear = 0.999;

export const operations = {
  ...blockOperations,
  ...keyOperations,
  ...sessionOperations,

  /** Makes a thread; one that is there already is the answer as well. */
  makeThread: {
    key: (input) => input.thread,
    request: (input) => ({ method: "POST", path: "/api/v1/threads", headers: json, body: JSON.stringify({ id: input.thread }), timeoutMs: 10_000 }),
    result: (response) => read(response, [], ({ id }) => ({ thread: id ?? null })),
  } satisfies OperationProtocol<{ thread: string }>,

  /**
   * Creates a run; in a thread, where one that is busy refuses it, puts it in line (`rule` enqueue) or is cleared for it (`rule` interrupt). Its idempotency key lets clients and the balancer resend it, so no refusal but a refused
   * dial is certain.
   */
  create: {
    key: (input) => input.key,
    request: (input) => ({
      method: "POST",
      path: input.thread === undefined ? "/api/v1/runs" : `/api/v1/threads/${input.thread}/runs`,
      headers: { ...json, "Idempotency-Key": input.key },
      body: JSON.stringify({
        ...(input.thread === undefined ? {} : { multitask: input.rule ?? "reject" }),
        agent_id: input.agent,
        input: {
          ...{ steps: input.steps, step_ms: input.stepMs, latency: input.latency, seed: input.seed, tokens: input.tokens },
          ...(input.failsAt === undefined ? {} : { fail_with: { step: input.failsAt, message: "no such tool" } }),
        },
      }),
      timeoutMs: 10_000,
    }),
    result: (response) => read(response, [], (body) => ({ run: body.id ?? null, status: body.status ?? null })),
  } satisfies OperationProtocol<{
    key: string;
    steps: number;
    stepMs: number;
    latency?: "lognormal";
    tokens?: number;
    /** The step whose tool fails for good. */
    failsAt?: number;
    agent?: string;
    seed?: number;
    thread?: string;
    rule?: "reject" | "enqueue" | "interrupt";
  }>,

  /** Waits for a run to end, at most `timeoutMs`; answers the state then. */
  wait: {
    key: (input) => input.run,
    request: (input) => ({
      method: "GET",
      path: `/api/v1/runs/${input.run}/wait?timeout_ms=${input.timeoutMs}`,
      headers: {},
      body: null,
      timeoutMs: input.timeoutMs + 8000,
    }),
    result: (response) =>
      read(response, [], (body) => ({
        status: body.status ?? null,
        attempt: body.attempt ?? null,
        ...resultOf(body),
      })),
  } satisfies OperationProtocol<{ run: string; timeoutMs: number }>,

  /** Cancels a run. Nobody resends it: a 409 (the run had ended) is decided, and so is a 404. */
  cancel: {
    key: (input) => input.run,
    request: (input) => ({ method: "POST", path: `/api/v1/runs/${input.run}/cancel`, headers: {}, body: null, timeoutMs: 10_000 }),
    result: (response) => read(response, [404, 409], (body) => ({ status: body.status ?? null })),
  } satisfies OperationProtocol<{ run: string }>,

  /** Changes an agent's state under its lock. `position`: how far the client has got, which it then wants to know anew. */
  saveState: {
    key: (input) => input.agent,
    request: (input) => put(`/api/v1/agents/${input.agent}/state`, { state: { n: input.n } }, { ...at(input), ...fromRegion(input) }),
    result: (response) => read(response, [], ({ version }) => ({ version: version ?? null, ...nearIn(response) })),
  } satisfies OperationProtocol<{ agent: string; n: number; position?: string; region?: string }>,

  /**
   * Changes an agent's state if the agent is still at the version at which it was read; `from` is what its state held then. The balancer may send it twice: refused the second time,
   * it may have been done the first.
   */
  replaceState: {
    key: (input) => input.agent,
    request: (input) => put(`/api/v1/agents/${input.agent}/state`, { state: { n: input.n } }, { "If-Match": `"${input.version}"` }),
    result: (response) => read(response, [], ({ version }) => ({ version: version ?? null })),
  } satisfies OperationProtocol<{ agent: string; n: number; from: number; version: number }>,

  /** Reads an agent from a replica, as far as that has got to where the client has. */
  readNear: {
    key: (input) => input.agent,
    request: (input) => ({ ...get(`/api/v1/agents/${input.agent}/near`), headers: at(input) }),
    result: (response) => readVersion(response, ({ version, state }) => ({ version: version ?? null, n: heldIn(state), ...nearIn(response) })),
  } satisfies OperationProtocol<{ agent: string; position: string }>,

  /** Reads an agent from a replica, however far behind that is. */
  peekNear: {
    key: (input) => input.agent,
    request: (input) => ({ ...get(`/api/v1/agents/${input.agent}/near`), headers: fromRegion(input) }),
    result: (response) => readVersion(response, ({ version, state }) => ({ version: version ?? null, n: heldIn(state), ...nearIn(response) })),
  } satisfies OperationProtocol<{ agent: string; region?: string }>,

  /** Reads an agent from the primary, wherever that is. `position` as there. */
  readAgent: {
    key: (input) => input.agent,
    request: (input) => ({ ...get(`/api/v1/agents/${input.agent}`), headers: { ...at(input), ...fromRegion(input) } }),
    result: (response) => readVersion(response, ({ version, state }) => ({ version: version ?? null, n: heldIn(state), ...nearIn(response) })),
  } satisfies OperationProtocol<{ agent: string; position?: string; region?: string }>,

  /** Has an agent use a tool, which has an external effect and changes its memory. `position` as there. Without an idempotency key nobody resends it: 409 and 422 are decided. */
  useTool: {
    key: (input) => input.agent,
    request: (input) => ({
      method: "POST",
      path: `/api/v1/agents/${input.agent}/tools`,
      headers: { ...json, ...at(input) },
      body: JSON.stringify({ tool: "remember", text: input.text, duration_ms: input.durationMs }),
      timeoutMs: 25_000,
    }),
    result: (response) => read(response, [409, 422], ({ version }) => ({ version: version ?? null, ...nearIn(response) })),
  } satisfies OperationProtocol<{ agent: string; text: string; durationMs: number; position?: string }>,

  /** Has an agent remember a text for later searches, without a tool. Nobody sends it twice: 409 is decided. */
  archive: {
    key: (input) => input.agent,
    request: (input) => ({
      method: "POST",
      path: `/api/v1/agents/${input.agent}/archive`,
      headers: json,
      body: JSON.stringify({ text: input.text }),
      timeoutMs: 20_000,
    }),
    result: (response) => read(response, [409], ({ seq, token }) => ({ version: seq ?? null, token: token ?? null })),
  } satisfies OperationProtocol<{ agent: string; text: string }>,

  /** Asks for what an agent was told to remember (`text`) in some words (`asked`), by similarity; `crowded` when so much is as near as can be that the text itself may not be among it, `same` when something is. */
  recall: {
    key: (input) => input.agent,
    request: (input) => ({
      method: "POST",
      path: `/api/v1/agents/${input.agent}/archive/search`,
      headers: json,
      body: JSON.stringify({ query: input.asked, limit: recallLimit }),
      timeoutMs: 10_000,
    }),
    result: (response) =>
      read(response, [], ({ memories }) => {
        const found = Array.isArray(memories) ? (memories as readonly { readonly text: string; readonly similarity: number }[]) : [];
        const same = found.map(({ similarity }) => similarity > asNear);
        return { texts: found.map(({ text }) => text), crowded: found.length === recallLimit && same.every(Boolean), same: same.some(Boolean) };
      }),
  } satisfies OperationProtocol<{ agent: string; text: string; asked: string }>,

  /** Reads an agent as it may be cached, in the instance or in Redis. */
  peekAgent: {
    key: (input) => input.agent,
    request: (input) => get(`/api/v1/agents/${input.agent}/cached`),
    result: (response) => readVersion(response, ({ version, state }) => ({ version: version ?? null, n: heldIn(state) })),
  } satisfies OperationProtocol<{ agent: string }>,

  /** An agent as one document; null where there is none. */
  exportAgent: {
    key: (input) => input.agent,
    request: (input) => get(`/api/v1/agents/${input.agent}/document`),
    result(response) {
      if (response.status === 404) return { outcome: "ok", served: "yes", value: { document: null }, error: "" };
      return read(response, [], (document) => ({ document }));
    },
  } satisfies OperationProtocol<{ agent: string }>,

  /** Makes the agent of a document under an id that is free. Sent again it changes nothing; the balancer may send it twice. */
  importAgent: {
    key: (input) => input.agent,
    request: (input) => put(`/api/v1/agents/${input.agent}/document`, input.document),
    result: (response) => read(response, [], ({ version }) => ({ version: version ?? null })),
  } satisfies OperationProtocol<{ agent: string; document: Json }>,

  /** Asks a question that takes the model `ms`, and waits for the answer. Nobody sends it twice: 429 is decided. */
  ask: {
    key: (input) => input.question,
    request: (input) => ({
      method: "POST",
      path: "/api/v1/query",
      headers: json,
      body: JSON.stringify({ query: input.question, agent_type: "thinker", model: { ms: input.ms } }),
      timeoutMs: 45_000,
    }),
    result: (response) => read(response, [429], ({ run_id }) => ({ run: run_id ?? null })),
  } satisfies OperationProtocol<{ question: string; ms: number }>,

  /** One turn of an agent under its lock. Without an idempotency key nobody resends it: 409 (lock lost, write refused) and 503 (lock not obtained) are decided. */
  turn: {
    key: (input) => input.agent,
    request: (input) => ({
      method: "POST",
      path: `/api/v1/agents/${input.agent}/turns`,
      headers: { ...json, ...at(input) },
      body: JSON.stringify({ message: input.message, think_ms: input.thinkMs }),
      timeoutMs: 25_000,
    }),
    result: (response) =>
      read(response, [409, 422], ({ agent, token, version }) => ({
        ...{ agent: agent ?? null, token: token ?? null, version: version ?? null },
        ...nearIn(response),
      })),
  } satisfies OperationProtocol<{ agent: string; message: string; thinkMs: number; position?: string }>,
};

export type Operations = typeof operations;
export type { Request, Result };
