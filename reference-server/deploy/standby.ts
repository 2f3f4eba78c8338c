/** Renders the configuration of a Postgres whose standby is promoted by hand: of the server that takes writes, and of the one that follows it. */
import { fillTemplate } from "./template.ts";

export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  /** Shared by both: where the primary puts its log, and the standby finds what the primary no longer keeps. */
  readonly archive: string;
  /** How the standby reaches the primary: libpq's words, without quotes in them. Absent: it is the primary. */
  readonly primary?: string;
}

/** postgresql.conf of one of them. */
export function renderServer(template: string, { port, ...settings }: ServerSettings): string {
  return fillTemplate(template, { ...settings, port: String(port) });
}
