/** Sessions and their costs, as the reference server is asked for them. Pure TypeScript that k6 and Node both import. */
import type { Json } from "../../../harness/core/history.ts";
import { get, heldIn, json, type OperationProtocol, put, read, readVersion } from "./requests.ts";

/** A session, as it is answered to those who write and read it. */
const sessionOf = ({ version, data, cost_micros }: Record<string, Json>): Json => ({
  version: version ?? null,
  n: heldIn(data),
  cost: cost_micros ?? null,
});

export const sessionOperations = {
  /** Writes a session's data. The balancer may send it twice, so no refusal but a refused dial is certain. */
  saveSession: {
    key: (input) => input.session,
    request: (input) => put(`/api/v1/sessions/${input.session}`, { data: { n: input.n } }),
    result: (response) => read(response, [], sessionOf),
  } satisfies OperationProtocol<{ session: string; n: number }>,

  /** Writes a session that is to live for `ttlS` (s) from then on. The balancer may send it twice, so no refusal but a refused dial is certain. */
  saveBriefly: {
    key: (input) => input.session,
    request: (input) => put(`/api/v1/sessions/${input.session}`, { data: { n: input.n }, ttl_s: input.ttlS }),
    result: (response) => read(response, [], sessionOf),
  } satisfies OperationProtocol<{ session: string; n: number; ttlS: number }>,

  /** Reads such a session. */
  readBrief: {
    key: (input) => input.session,
    request: (input) => get(`/api/v1/sessions/${input.session}`),
    result: (response) => readVersion(response, sessionOf),
  } satisfies OperationProtocol<{ session: string }>,

  /** Writes a session if there is none yet. Nobody sends it twice: 412 is decided. */
  openSession: {
    key: (input) => input.session,
    request: (input) => put(`/api/v1/sessions/${input.session}`, { data: { n: input.n } }, { "If-None-Match": "*" }),
    result: (response) => read(response, [412], sessionOf),
  } satisfies OperationProtocol<{ session: string; n: number }>,

  /** Writes a session if it is at the version at which it was read; `from` is what it held then. Nobody sends it twice: 412 is decided. */
  continueSession: {
    key: (input) => input.session,
    request: (input) => put(`/api/v1/sessions/${input.session}`, { data: { n: input.n } }, { "If-Match": `"${input.version}"` }),
    result: (response) => read(response, [412], sessionOf),
  } satisfies OperationProtocol<{ session: string; n: number; from: number; version: number }>,

  /** Reads a session at `seen` or later: the highest version that this client has written or read. */
  readSession: {
    key: (input) => input.session,
    request: (input) => get(`/api/v1/sessions/${input.session}?min_version=${input.seen}`),
    result: (response) => readVersion(response, sessionOf),
  } satisfies OperationProtocol<{ session: string; seen: number }>,

  /** Adds a cost to a session under a key of its own, by which a repetition is told. 404 and 422 are decided: nobody resends it by himself. */
  addCost: {
    key: (input) => input.session,
    request: (input) => ({
      method: "POST",
      path: `/api/v1/sessions/${input.session}/costs`,
      headers: json,
      body: JSON.stringify({ key: input.costKey, micros: input.cost }),
      timeoutMs: 10_000,
    }),
    result: (response) => read(response, [404, 422], ({ version, cost_micros }) => ({ version: version ?? null, cost: cost_micros ?? null })),
  } satisfies OperationProtocol<{ session: string; costKey: string; cost: number }>,

  /** Reads a session as it may be cached. */
  peekSession: {
    key: (input) => input.session,
    request: (input) => get(`/api/v1/sessions/${input.session}`),
    result: (response) => readVersion(response, sessionOf),
  } satisfies OperationProtocol<{ session: string }>,
};
