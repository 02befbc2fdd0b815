import { Refusal } from '../errors.ts';

/** The error for people, where it is one of those that a disk, a folder or the store can give; else the error as it is. */
export function storageTrouble(error: unknown, path: string): unknown {
  if (error instanceof Refusal) return error;
  const kind = kindOf(error);
  if (!kind) return error;
  const { say, hint } = sentences[kind];
  return new Refusal('unavailable', say(path), { hint: hint(path), cause: error });
}

/** A journal or a file of the history that does not read as it was written. */
export function damaged(message: string, path: string): Refusal {
  return new Refusal('unavailable', message, { hint: sentences.damaged.hint(path) });
}

type Kind = 'full' | 'read-only' | 'missing' | 'forbidden' | 'unopened' | 'damaged' | 'busy' | 'failing';

/**
 * Primary result codes of SQLite; the extended ones (517 = 5 + 2·256) carry them in the low byte. Of the long ones,
 * three are of numbers that are there twice and texts in place of numbers: what is written never has those, so what is there
 * must be wrong.
 */
const bySqliteCode: Readonly<Record<number, Kind>> = {
  5: 'busy',
  6: 'busy',
  8: 'read-only',
  10: 'failing',
  11: 'damaged',
  13: 'full',
  14: 'unopened',
  26: 'damaged',
  1555: 'damaged',
  2067: 'damaged',
  3091: 'damaged',
  // No room for the index of the log.
  4874: 'full',
};

/** What SQLite has no code of its own for. */
const outOfShape = /^(unsupported file format|malformed JSON)/;

const byErrno: Readonly<Record<string, Kind>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read-only',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  // Links that lead round, and names that no folder can have.
  ELOOP: 'missing',
  ENAMETOOLONG: 'missing',
  EIO: 'failing',
};

function kindOf(error: unknown): Kind | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errcode } = error as Error & { code?: unknown; errcode?: unknown };
  if (errcode === 1 && outOfShape.test(error.message)) return 'damaged';
  if (typeof errcode === 'number') return bySqliteCode[errcode] ?? bySqliteCode[errcode & 0xff];
  return typeof code === 'string' ? byErrno[code] : undefined;
}

type Sentence = (path: string) => string;
const elsewhere = 'Name a folder that you may write to with `--state-dir`, or run it as the user it belongs to.';

const sentences: Readonly<Record<Kind, { say: Sentence; hint: Sentence }>> = {
  full: {
    say: (path) => `The disk is full: nothing more can be written to ${path}.`,
    hint: () => 'Free some space there and run the command again. What was written before is kept.',
  },
  'read-only': {
    say: (path) => `${path} cannot be written: it is read-only.`,
    hint: () => elsewhere,
  },
  forbidden: {
    say: (path) => `${path} belongs to somebody else: it may not be used by this user.`,
    hint: () => elsewhere,
  },
  missing: {
    say: (path) => `${path} does not exist.`,
    hint: () => 'Check `--state-dir`. If files of the history were deleted, put them back from a backup.',
  },
  unopened: {
    say: (path) => `${path} cannot be opened: its folder is missing, read-only, or not for this user.`,
    hint: () => elsewhere,
  },
  damaged: {
    say: (path) => `The history is damaged: ${path} does not read as it was written.`,
    hint: (path) =>
      `Copy the folder of ${path} before anything else: receipts and releases are in it as files. Put the file back from a backup, or move the folder away to begin a new history.`,
  },
  busy: {
    say: (path) => `The history is busy: another process has been writing to ${path} for more than 5 seconds.`,
    hint: () => 'Try again in a moment. `playbook status` shows what runs.',
  },
  failing: {
    say: (path) => `The disk reported an error while ${path} was read or written.`,
    hint: () => 'Look at the log of the system (`dmesg`) before you go on: the disk may be failing.',
  },
};
