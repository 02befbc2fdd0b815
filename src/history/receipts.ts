import { timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReceiptRef } from '../engine/events.ts';
import type { Receipts } from '../engine/ports.ts';
import { Refusal } from '../errors.ts';
import type { Json } from '../runner/schema.ts';
import { hmac, type Key } from './install-key.ts';
import { safeFileName, writePrivateFile } from './private-file.ts';
import { storageTrouble } from './trouble.ts';

/** Receipts as files (0600) of a run's folder. They hold secrets: the journal gets their path and HMAC only. */
export function fileReceipts(folder: string, key: Key): Receipts {
  return {
    async write(step, receipt, content) {
      const bytes = `${JSON.stringify(content)}\n`;
      const mac = hmac(key, bytes);
      // Files have no fence: a process that lost the stack must not write over what its heir has recorded under this number.
      const file = `receipts/${String(receipt).padStart(4, '0')}-${safeFileName(step)}.${mac.slice(0, 8)}.json`;
      await writePrivateFile(join(folder, file), bytes);
      return { file, hmac: mac };
    },
    async read(ref) {
      const bytes = await readReceipt(folder, ref);
      if (!isEqual(hmac(key, bytes), ref.hmac)) throw changed(folder, ref);
      return JSON.parse(bytes.toString('utf8')) as Json;
    },
  };
}

async function readReceipt(folder: string, ref: ReceiptRef): Promise<Buffer> {
  if (!/^receipts\/[^/]+$/.test(ref.file) || ref.file.includes('..')) throw changed(folder, ref);
  const path = join(folder, ref.file);
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw storageTrouble(error, path);
    throw unusable(`The receipt ${path} is gone: what it takes to undo this change is not known any more.`, error);
  }
}

function changed(folder: string, ref: ReceiptRef): Refusal {
  const path = join(folder, ref.file);
  return unusable(`The receipt ${path} is not as the run wrote it: it was changed, or the key beside the history was.`);
}

function unusable(message: string, cause?: unknown): Refusal {
  return new Refusal('needs-decision', message, {
    hint: 'Nothing is undone by guess. Put the file back from a backup, or put this change right by hand.',
    cause,
  });
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
