import { crc32 } from 'node:zlib';
import { damaged } from '../trouble.ts';

/** A value as JSON with a sum over it: SQLite notices a torn page of its own making, but not a bit that flipped on the disk. */
export function sealed(value: object): string {
  return JSON.stringify({ ...value, [SEAL]: crc32(JSON.stringify(value)) });
}

/** The value as it was written, else a refusal that names `what` it was. */
export function unsealed(text: unknown, what: string, file: string): unknown {
  const { [SEAL]: seal, ...value } = parsed(String(text), what, file);
  // What was written before there were seals has none.
  if (seal !== undefined && seal !== crc32(JSON.stringify(value))) throw changed(what, file);
  return value;
}

const SEAL = 'seal';

/** JSON of the store. */
export function parsed(text: string, what: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw changed(what, file);
}

function changed(what: string, file: string): Error {
  return damaged(`The history is damaged: ${what} does not read as it was written.`, file);
}
