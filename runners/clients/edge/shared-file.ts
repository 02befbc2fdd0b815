import { constants, type FileHandle, open } from 'node:fs/promises';
import { Refusal } from '../../../src/errors.ts';

/**
 * The text of a file in a folder that is shared with a proxy; empty where it is not there. A container that may write to the
 * folder must not choose what is read or written on the host: a link, a pipe or a device is refused.
 */
export async function readShared(path: string): Promise<string> {
  try {
    return await withPlainFile(path, constants.O_RDONLY, (file) => file.readFile('utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error instanceof Refusal
      ? error
      : new Refusal('unavailable', `${path} cannot be read: ${said(error)}.`, { cause: error });
  }
}

/** In place: a file that is mounted by itself would stay the old one. */
export async function writeShared(path: string, text: string): Promise<void> {
  try {
    await withPlainFile(path, constants.O_WRONLY | constants.O_CREAT, async (file) => {
      await file.truncate(0);
      await file.writeFile(text);
    });
  } catch (error) {
    throw error instanceof Refusal
      ? error
      : new Refusal('unavailable', `${path} cannot be written: ${said(error)}.`, { cause: error });
  }
}

async function withPlainFile<T>(path: string, flags: number, use: (file: FileHandle) => Promise<T>): Promise<T> {
  // Opening a pipe would wait for its other end.
  const file = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o644).catch((error: unknown) => {
    throw ['ELOOP', 'ENXIO'].includes((error as NodeJS.ErrnoException).code ?? '') ? noPlainFile(path, error) : error;
  });
  try {
    if (!(await file.stat()).isFile()) throw noPlainFile(path);
    return await use(file);
  } finally {
    await file.close();
  }
}

function noPlainFile(path: string, cause?: unknown): Refusal {
  return new Refusal('unavailable', `${path} is a link or no file, and a container may have put it there.`, {
    hint: 'Name the file itself in `file` of x-playbook.edge, and mount its folder into the proxy read-only.',
    cause,
  });
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
