/** Parts of requests that several routes share. */
import { Type } from "@fastify/type-provider-typebox";

/** Text that Postgres can store: no NUL, no half of a surrogate pair (JSON can carry both). */
export function storableText(minLength: number, maxLength: number) {
  return Type.String({ minLength, maxLength, pattern: "^[^\\u0000\\ud800-\\udfff]*$" });
}

export const agentId = Type.String({ pattern: "^[A-Za-z0-9._:-]{1,200}$" });
export const agentParams = Type.Object({ id: agentId });

export const runParams = Type.Object({ id: Type.String({ pattern: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" }) });

/** A whole number in a query or a header, which are text: checked by pattern and not converted. */
export const wholeNumber = Type.String({ pattern: "^[0-9]{1,15}$" });

/** The name of a block, a property, a principal. */
export const name = Type.String({ pattern: "^[A-Za-z][A-Za-z0-9_.-]{0,99}$" });
