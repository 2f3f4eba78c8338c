/** Blocks of the memory of agents, as the reference server is asked for them. Pure TypeScript that k6 and Node both import. */
import { at, get, json, nearIn, type OperationProtocol, put, read } from "./requests.ts";

export const blockOperations = {
  /** Has an agent add a text to the end of a block, by a tool that takes `durationMs` from reading it to writing it. Nobody sends it twice: 409 and 422 are decided. */
  append: {
    key: (input) => `${input.agent}/${input.label}`,
    request: (input) => ({
      method: "POST",
      path: `/api/v1/agents/${input.agent}/tools`,
      headers: json,
      body: JSON.stringify({ tool: "append_to_block", label: input.label, text: input.text, duration_ms: input.durationMs }),
      timeoutMs: 25_000,
    }),
    result: (response) => read(response, [409, 422], ({ version }) => ({ version: version ?? null })),
  } satisfies OperationProtocol<{ agent: string; label: string; text: string; durationMs: number }>,

  /** Sets a block of an agent's memory, whatever it holds. `position`: how far the client has got, which it then wants to know anew. */
  setBlock: {
    key: (input) => `${input.agent}/${input.label}`,
    request: (input) => put(`/api/v1/agents/${input.agent}/blocks/${input.label}`, { value: input.value }, at(input)),
    result: (response) => read(response, [], ({ version }) => ({ version: version ?? null, ...nearIn(response) })),
  } satisfies OperationProtocol<{ agent: string; label: string; value: string; position?: string }>,

  /**
   * Sets a block if it is still at the version at which it was read; `from` is what was read then, null at version 0. The balancer may send it
   * twice: refused the second time, it may have been done the first.
   */
  replaceBlock: {
    key: (input) => `${input.agent}/${input.label}`,
    request: (input) =>
      put(
        `/api/v1/agents/${input.agent}/blocks/${input.label}`,
        { value: input.value },
        input.version === 0 ? { "If-None-Match": "*" } : { "If-Match": `"${input.version}"` },
      ),
    result: (response) => read(response, [], ({ version }) => ({ version: version ?? null })),
  } satisfies OperationProtocol<{ agent: string; label: string; value: string; from: string | null; version: number }>,

  /**
   * Sets a block if it and another one are still at the versions at which they were read; `from` is what was read of the first, null at version 0. Nobody sends it twice: 409
   * and 422 are decided.
   */
  replaceBeside: {
    key: (input) => `${input.agent}/${input.label}`,
    request: (input) => ({
      method: "PATCH",
      path: `/api/v1/agents/${input.agent}/blocks`,
      headers: json,
      body: JSON.stringify({ set: { [input.label]: input.value }, expect: { [input.label]: input.version, [input.beside]: input.besideVersion } }),
      timeoutMs: 20_000,
    }),
    result: (response) => read(response, [409, 422], ({ version }) => ({ version: version ?? null })),
  } satisfies OperationProtocol<{
    agent: string;
    label: string;
    value: string;
    from: string | null;
    version: number;
    beside: string;
    besideVersion: number;
  }>,

  /** Takes a block away, whatever it holds. `position` as there. Nobody sends it twice: 409 and 422 are decided. */
  removeBlock: {
    key: (input) => `${input.agent}/${input.label}`,
    request: (input) => ({
      method: "PATCH",
      path: `/api/v1/agents/${input.agent}/blocks`,
      headers: { ...json, ...at(input) },
      body: JSON.stringify({ set: { [input.label]: null } }),
      timeoutMs: 20_000,
    }),
    result: (response) => read(response, [409, 422], ({ version }) => ({ version: version ?? null, ...nearIn(response) })),
  } satisfies OperationProtocol<{ agent: string; label: string; position?: string }>,

  /** Reads a block as it is committed. */
  readBlock: {
    key: (input) => `${input.agent}/${input.label}`,
    request: (input) => get(`/api/v1/agents/${input.agent}/blocks/${input.label}`),
    result(response) {
      if (response.status === 404) return { outcome: "ok", served: "yes", value: { value: null, version: 0 }, error: "" };
      return read(response, [], ({ value, version }) => ({ value: value ?? null, version: version ?? null }));
    },
  } satisfies OperationProtocol<{ agent: string; label: string }>,
};
