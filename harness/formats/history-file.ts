/** Reading anybody's history from a file: its format by its content, in pieces, in bounded memory; what is wrong names file and line. */
import { open } from "node:fs/promises";
import { messageOf, UserError } from "../base/errors.ts";
import { type Cursor, Malformed } from "./cursor.ts";
import { detectSyntax } from "./detect.ts";
import { createSortedPairing, mayBeDisorder } from "./disorder.ts";
import type { Reading } from "./event.ts";
import { createEventReader, type EventReader, type RecordedHistory } from "./event-reader.ts";
import { createPairing, type Pairing } from "./pairing.ts";

const pieceBytes = 1024 * 1024;

/** A longer line or form is no operation of anybody's: it is refused before it fills the memory. */
const formBytesAtMost = 16 * 1024 * 1024;

/**
 * A file that ends in the middle of its last line is read without it, and a note says so.
 * @throws UserError with file and line when it cannot be read or is malformed
 */
export async function readHistory(path: string): Promise<RecordedHistory> {
  try {
    return await readPieces(path, createPairing).catch(async (error) => {
      if (!mayBeDisorder(error)) throw error;
      // Where the events make no sense in their own order either, the first complaint is the one that names a line.
      return readPieces(path, createSortedPairing).catch(() => Promise.reject(error));
    });
  } catch (error) {
    if (error instanceof Malformed) throw new UserError(`${path} line ${error.line}: ${error.message}`);
    throw new UserError(`${path} was expected to be a history and cannot be read: ${messageOf(error)}`);
  }
}

async function readPieces(path: string, pairingOf: (reading: Reading) => Pairing): Promise<RecordedHistory> {
  await using file = await open(path);
  const cursor: Cursor = { bytes: Buffer.allocUnsafe(pieceBytes), at: 0, end: 0, line: 1 };
  let reader: EventReader | undefined;
  for (;;) {
    if (cursor.end === cursor.bytes.length) makeRoom(cursor);
    const { bytesRead } = await file.read(cursor.bytes, cursor.end, cursor.bytes.length - cursor.end, null);
    cursor.end += bytesRead;
    reader ??= createEventReader(detectSyntax(cursor), pairingOf);
    reader.drain(cursor);
    if (bytesRead === 0) return reader.finish(cursor);
  }
}

/** Moves what is left to the front; where that is most of it, a form is longer than the piece, and the piece grows. */
function makeRoom(cursor: Cursor): void {
  const left = cursor.end - cursor.at;
  if (left >= formBytesAtMost)
    throw new Malformed(
      cursor.line,
      `An operation of more than ${formBytesAtMost / 1024 / 1024} MiB begins here; such a line is damage and is not read.`,
    );
  const bytes = left > cursor.bytes.length / 2 ? Buffer.allocUnsafe(cursor.bytes.length * 2) : cursor.bytes;
  cursor.bytes.copy(bytes, 0, cursor.at, cursor.end);
  cursor.bytes = bytes;
  cursor.at = 0;
  cursor.end = left;
}
