import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StepFailure } from '../../../src/errors.ts';
import type { Context } from '../../../src/runner/contract.ts';
import { readShared } from './shared-file.ts';

/** Writes a file that the edge reads when it starts, whole or not at all; the edge may run as another user, so all may read it. */
export async function persistFile(file: string, text: string, { run }: Pick<Context, 'run'>): Promise<void> {
  try {
    if ((await readShared(file).catch(() => undefined)) === text) return;
    await mkdir(dirname(file), { recursive: true });
    const fresh = `${file}.${run}`;
    // Made anew: what a container of the shared folder has put there under this name would lead elsewhere.
    await rm(fresh, { force: true });
    await writeFile(fresh, text, { mode: 0o644, flag: 'wx' });
    await rename(fresh, file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StepFailure(`What a restarted edge needs cannot be written: ${why}`, {
      class: 'conflict',
      hint: 'Make the folder of `file` of x-playbook.edge writable, or leave `file` out: then a restart of the edge forgets who serves.',
      cause,
    });
  }
}
