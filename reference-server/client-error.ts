/** What is not even a request, answered in the shape of all problems. */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { newTraceId } from "./tracing/trace-context.ts";

const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** For Node's HTTP parser: answers and closes the connection, of which nothing more can be understood. */
export function refuseUnreadable({ code = "" }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = statuses[code] ?? 400;
  const title = STATUS_CODES[status] ?? "Error";
  const detail = "The request could not be read as HTTP.";
  const body = JSON.stringify({ type: "about:blank", title, status, detail, request_id: newTraceId() });
  const length = Buffer.byteLength(body);
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`,
  );
}
