/** Reading anybody's history from a file: its format by its content, in pieces, in bounded memory; what is wrong names file and line. */
import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
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
  for await (const piece of await piecesOf(file)) {
    for (let from = 0; from < piece.length; ) {
      if (cursor.end === cursor.bytes.length) makeRoom(cursor);
      const copied = piece.copy(cursor.bytes, cursor.end, from);
      from += copied;
      cursor.end += copied;
    }
    reader ??= createEventReader(detectSyntax(cursor), pairingOf);
    reader.drain(cursor);
  }
  reader ??= createEventReader(detectSyntax(cursor), pairingOf);
  return reader.finish(cursor);
}

/** The file's bytes, unpacked where it is packed with gzip. */
async function piecesOf(file: FileHandle): Promise<AsyncIterable<Buffer>> {
  const magic = Buffer.alloc(2);
  await file.read(magic, 0, 2, 0);
  const packed = file.createReadStream({ start: 0, highWaterMark: pieceBytes, autoClose: false });
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return packed;
  // Whoever reads the last stream hears of the errors of both.
  return pipeline(packed, createGunzip({ chunkSize: pieceBytes }), () => undefined);
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
