import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Look } from '../../src/runner/contract.ts';
import { composeReader } from '../clients/compose.ts';
import { withAllProfiles } from './rendered.ts';

/** What Compose's label would be for each service of this text; asked once per text. */
export function hashesOf(text: string, look: Look): Promise<Record<string, string>> {
  const key = createHash('sha256').update(text).digest('hex');
  return look.resources.once(`stack.hashes:${key}`, () => askCompose(text, look));
}

/** The text is in a folder of our own (0700) for the length of one call: it may hold secrets, and a Look leaves no trace. */
async function askCompose(text: string, look: Look): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'playbook-'));
  try {
    const file = join(folder, 'rendered.json');
    await writeFile(file, text, { mode: 0o600 });
    const compose = await composeReader(withAllProfiles(look));
    return await compose.hashes(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
