import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty folder that is gone when the test has ended, with whatever was made beside it. To be called in a test. */
export async function tempFolder(name: string): Promise<string> {
  const base = await mkdtemp(join(tmpdir(), `playbook-${name}-`));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const folder = join(base, name);
  await mkdir(folder);
  return folder;
}
