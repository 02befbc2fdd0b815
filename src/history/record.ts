import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { RunEvent, RunStatus } from '../engine/events.ts';
import type { Program } from '../engine/program.ts';
import { Refusal } from '../errors.ts';
import { formatSize } from '../playbook/size.ts';
import { writeNewPrivateFile } from './private-file.ts';
import { storageTrouble } from './trouble.ts';

/** A run as one file, for another machine or another person: no secret, no receipt, and nothing that could be undone from it. */
export type RunRecord = {
  run: string;
  /** As people saw it when it was exported: a run whose process had died is `interrupted`. */
  status: RunStatus;
  exported_at: number;
  /** Missing where the run never came to one. */
  plan?: Program['plan'];
  events: RunEvent[];
  evidence: RecordedEvidence[];
};

/** What was kept; `text` is missing where it is no text, and was left out. */
export type RecordedEvidence = { name: string; bytes: number; text?: string };

/** Writes it as a new file (0600), and gives its size; it is read back by `readRecord`. */
export async function writeRecord(file: string, record: RunRecord): Promise<number> {
  const text = `${JSON.stringify({ format: FORMAT, version: VERSION, sha256: sumOf(record), record })}\n`;
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST) throw new Refusal('usage', `Run ${record.run} is too large for one file: ${tooLarge(bytes)}.`);
  await writeNewPrivateFile(file, text);
  return bytes;
}

/** Reads one, whoever it comes from: whatever is no whole record of a version that is known is refused with a sentence. */
export async function readRecord(file: string): Promise<RunRecord> {
  const { format, version, sha256, record } = parsed(await textOf(file), file);
  if (format !== FORMAT) throw unusable(file, 'it is no record of a run.', MAKE_ONE);
  if (version !== VERSION) {
    const say = `it has version ${String(version)}, and this playbook knows ${VERSION}.`;
    throw unusable(file, say, 'Read it with the version of playbook that wrote it, or a newer one.');
  }
  if (!isRecord(record) || sha256 === undefined || sha256 !== sumOrNothing(record))
    throw unusable(file, 'it does not read as it was written.', 'It was changed or damaged on its way: get it again.');
  return record;
}

const FORMAT = 'playbook run record';
const VERSION = 1;
const LARGEST = 128 * 1024 * 1024;
const MAKE_ONE = '`playbook show RUN --export FILE` makes one. The id of a run has neither dots nor slashes.';

async function textOf(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST) throw unusable(file, `it is too large for a record: ${tooLarge(size)}.`, MAKE_ONE);
    // A pipe or a device has no size, and may have no end.
    const chunks: Buffer[] = [];
    let read = 0;
    for await (const chunk of createReadStream(file)) {
      chunks.push(chunk as Buffer);
      read += (chunk as Buffer).length;
      if (read > LARGEST) throw unusable(file, `it is too large for a record: ${tooLarge(read)}.`, MAKE_ONE);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw unusable(file, 'it is not there.', MAKE_ONE, error);
    if (code === 'EISDIR') throw unusable(file, 'it is a folder.', MAKE_ONE, error);
    throw storageTrouble(error, file);
  }
}

type Outside = Partial<Record<'format' | 'version' | 'sha256' | 'record', unknown>>;

function parsed(text: string, file: string): Outside {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    const cut = text.startsWith(`{"format":"${FORMAT}"`);
    if (cut) throw unusable(file, 'its end is missing.', 'It was cut on its way: get it again.', error);
    throw unusable(file, 'it is no record of a run.', MAKE_ONE, error);
  }
}

/** What the sum vouches for was written by us; this is for files that somebody has made by hand. */
function isRecord(value: unknown): value is RunRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { run, status, events, evidence } = value as Partial<Record<keyof RunRecord, unknown>>;
  const texts = typeof run === 'string' && typeof status === 'string';
  return texts && Array.isArray(events) && events.length > 0 && Array.isArray(evidence);
}

/** Keys come back in the order in which they were written. */
function sumOf(record: RunRecord): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('hex');
}

/** What is nested without end cannot be written, so we have not written it. */
function sumOrNothing(record: RunRecord): string | undefined {
  try {
    return sumOf(record);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function tooLarge(bytes: number): string {
  return `${formatSize(bytes)}, and ${formatSize(LARGEST)} is the most`;
}

function unusable(file: string, say: string, hint: string, cause?: unknown): Refusal {
  return new Refusal('usage', `${file} cannot be shown: ${say}`, { hint, cause });
}
