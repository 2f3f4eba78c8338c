/** Principals, their roles and their API keys, as the reference server is asked for them. Pure TypeScript that k6 and Node both import. */
import { get, json, type OperationProtocol, put, type Request, read } from "./requests.ts";

/** The administrator's key of every deployment that the harness brings up: it is gone with it, and what it listens on is loopback. */
export const adminKey = "runproof-administrator-of-a-throwaway-deployment";

const byAdmin = (request: Request): Request => ({ ...request, bearer: adminKey });

/** Requests of an administrator are sent once: refused by their status they were not done (422, 404). */
export const keyOperations = {
  /** Gives a principal a role, and makes the principal where there is none. */
  giveRole: {
    key: (input) => input.principal,
    request: (input) => byAdmin(put(`/api/v1/security/roles/${input.principal}`, { role: input.role })),
    result: (response) => read(response, [], ({ role }) => ({ role: role ?? null })),
  } satisfies OperationProtocol<{ principal: string; role: string }>,

  /** Makes a key for a principal. */
  makeKey: {
    key: (input) => input.principal,
    request: (input) =>
      byAdmin({
        method: "POST",
        path: "/api/v1/security/keys",
        headers: json,
        body: JSON.stringify({ principal: input.principal }),
        timeoutMs: 10_000,
      }),
    result: (response) => read(response, [422], ({ id, key }) => ({ keyId: id ?? null, secret: key ?? null })),
  } satisfies OperationProtocol<{ principal: string }>,

  /** Ends a key for ever. */
  endKey: {
    key: (input) => input.principal,
    request: (input) => byAdmin({ ...get(`/api/v1/security/keys/${input.keyId}`), method: "DELETE" }),
    result: (response) =>
      response.status === 204 ? { outcome: "ok", served: "yes", value: {}, error: "" } : read(response, [404], ({ status }) => status ?? null),
  } satisfies OperationProtocol<{ principal: string; keyId: string }>,

  /** Asks who one is by one's key: `role` is "none" where the key is not accepted. */
  useKey: {
    key: (input) => input.principal,
    request: (input) => ({ ...get("/api/v1/security/me"), bearer: input.secret }),
    result(response) {
      if (response.status === 401) return { outcome: "ok", served: "yes", value: { role: "none" }, error: "" };
      return read(response, [], ({ principal, role }) => ({ principal: principal ?? null, role: role ?? null }));
    },
  } satisfies OperationProtocol<{ principal: string; keyId: string; secret: string }>,

  /** Does what not every role may: `allowed` is "yes", "no", or "none" where the key is not accepted. */
  listRoles: {
    key: (input) => input.principal,
    request: (input) => ({ ...get("/api/v1/security/roles?after=zzz"), bearer: input.secret }),
    result(response) {
      const refused = response.status === 401 ? "none" : response.status === 403 ? "no" : undefined;
      return refused === undefined
        ? read(response, [], () => ({ allowed: "yes" }))
        : { outcome: "ok", served: "yes", value: { allowed: refused }, error: "" };
    },
  } satisfies OperationProtocol<{ principal: string; keyId: string; secret: string }>,
};
