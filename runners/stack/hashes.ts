import { createHash } from 'node:crypto';
import type { Look } from '../../src/runner/contract.ts';
import { composeReader } from '../clients/compose.ts';
import { withAllProfiles } from './rendered.ts';

/** What Compose's label would be for each service of this text; asked once per text. */
export function hashesOf(text: string, look: Look): Promise<Record<string, string>> {
  const key = createHash('sha256').update(text).digest('hex');
  return look.resources.once(`stack.hashes:${key}`, async () => {
    const compose = await composeReader(withAllProfiles(look));
    return compose.hashes(text);
  });
}
