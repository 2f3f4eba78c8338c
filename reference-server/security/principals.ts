/** Who may do what: principals, their roles and their API keys. The record is Postgres; every change leaves an entry in the audit log. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Database, Row } from "../store/postgres.ts";

export type Role = "user" | "auditor" | "admin";

/** Who a key belongs to. A revoked key belongs to nobody: its role is null. */
export interface Identity {
  readonly principal: string;
  readonly role: Role | null;
  /** Grows with every change of the principal's role and keys. */
  readonly version: number;
}

export interface Principal {
  readonly name: string;
  readonly role: Role;
}

/** Only the hash of a key is ever stored, cached or compared. */
export function hashKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** The identity behind a key as it is committed now; undefined if there never was such a key. */
export async function identify(db: Database, keyHash: string): Promise<Identity | undefined> {
  const [identity] = await db.query<Row & Identity>(
    `select principal, case when revoked_at is null then role end as role, version
     from api_keys join principals on principals.name = api_keys.principal where key_hash = $1`,
    [keyHash],
  );
  return identity;
}

/** The hashes of all keys a principal ever had. */
export async function keyHashes(db: Database, principal: string): Promise<string[]> {
  const rows = await db.query<Row & { key_hash: string }>("select key_hash from api_keys where principal = $1", [principal]);
  return rows.map(({ key_hash }) => key_hash);
}

const listLimit = 1000;

/** Principals by name, at most 1000 after `after`. */
export async function listPrincipals(db: Database, after: string): Promise<Principal[]> {
  return db.query<Row & Principal>("select name, role from principals where name > $1 order by name limit $2", [after, listLimit]);
}

// Of a statement that is sent twice the second finds its entry in the log and does nothing.
const auditSql = (from: string): string => `
  insert into security_audit (change_id, actor, action, subject, detail) select $1::uuid, $2, $3, $4, $5::jsonb ${from}
  on conflict (change_id) do nothing
  returning change_id`;

/** Gives the principal this role, and makes the principal if there is none. */
export async function setRole(db: Database, actor: string, { name, role }: Principal): Promise<void> {
  await db.query(
    `with audited as (${auditSql("")})
     insert into principals (name, role) select $4, $6 from audited
     on conflict (name) do update set role = excluded.role, version = principals.version + 1`,
    [randomUUID(), actor, "set role", name, JSON.stringify({ role }), role],
  );
}

/** Makes a key for the principal; it is shown here and never again. Undefined if there is no such principal. */
export async function createKey(db: Database, actor: string, principal: string): Promise<{ id: string; key: string } | undefined> {
  const id = randomUUID();
  const key = `rk_${randomBytes(32).toString("base64url")}`;
  await db.query(
    `with owner as (select name from principals where name = $4), audited as (
       ${auditSql("from owner")}
     )
     insert into api_keys (id, key_hash, principal) select $6, $7, $4 from audited`,
    [randomUUID(), actor, "create key", principal, JSON.stringify({ key: id }), id, hashKey(key)],
  );
  return (await db.query("select 1 from api_keys where id = $1", [id])).length > 0 ? { id, key } : undefined;
}

/** Ends a key for ever. Returns whose it was; undefined if there is no such key. */
export async function revokeKey(db: Database, actor: string, id: string): Promise<string | undefined> {
  await db.query(
    `with owner as (select principal from api_keys where id = $6 and revoked_at is null), audited as (
       ${auditSql("from owner")}
     ), revoked as (
       update api_keys set revoked_at = clock_timestamp() from audited where id = $6
       returning principal
     )
     update principals set version = version + 1 from revoked where name = revoked.principal`,
    [randomUUID(), actor, "revoke key", id, "{}", id],
  );
  const [key] = await db.query<Row & { principal: string }>("select principal from api_keys where id = $1", [id]);
  return key?.principal;
}

/** Lets the key of ADMIN_API_KEY in, on every instance of this database; once revoked it stays out. */
export async function admitAdminKey(db: Database, key: string): Promise<void> {
  await db.query(
    `with owner as (
       insert into principals (name, role) values ('admin', 'admin') on conflict (name) do update set name = excluded.name returning name
     )
     insert into api_keys (id, key_hash, principal) select $1, $2, name from owner on conflict (key_hash) do nothing`,
    [randomUUID(), hashKey(key)],
  );
}
