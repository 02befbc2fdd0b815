import { expect, test } from 'vitest';
import type { Flags } from '../../src/cli/command.ts';
import { createIo } from '../../src/cli/io.ts';
import { lookAhead } from '../../src/cli/look-ahead.ts';

const flags = { file: ['compose.yml'], profile: [], envFile: [] } as unknown as Flags;
// Nothing is found on this PATH: what is asked ahead fails, and nobody may notice before it is asked for.
const io = { ...createIo([]), cwd: '/shop', env: { PATH: '/nowhere' } };
const target = { directory: '/shop', files: ['/shop/compose.yml'], env_files: [], profiles: [], env: {} };

test('what was asked ahead must serve the stack that was guessed, and no other', async () => {
  const ahead = await lookAhead({ flags, io });
  const own = ahead.for(target);
  expect(ahead.for({ ...target })).toBe(own);
  expect(ahead.for({ ...target, env: { TAG: '2' } })).not.toBe(own);
});
