import { describe, expect, test } from 'vitest';
import { Problems } from '../../src/errors.ts';
import { resolveTarget, type TargetFlags } from '../../src/playbook/target.ts';
import type { TargetDeclaration } from '../../src/playbook/types.ts';
import type { Target } from '../../src/runner/contract.ts';
import type { Json } from '../../src/runner/schema.ts';

const cwd = '/home/me/shop';

function resolve(target: TargetDeclaration, flags: TargetFlags = {}, inputs: Record<string, Json> = {}): Target {
  return resolveTarget({ target }, { inputs }, flags, cwd);
}

const BARE: Target = { directory: cwd, files: [], env_files: [], profiles: [], env: {} };

describe('where the stack is', () => {
  test.each<[string, TargetDeclaration, TargetFlags, Partial<Target>]>([
    ['nothing said: the current folder, and the lookup of Compose', {}, {}, {}],
    [
      'the folder of the first file',
      { files: ['../prod/a.yml', 'b.yml'] },
      {},
      { directory: '/home/me/prod', files: ['/home/me/prod/a.yml', '/home/me/shop/b.yml'] },
    ],
    [
      'files count from the folder that is named',
      { directory: '/srv/shop', files: ['a.yml'] },
      {},
      { directory: '/srv/shop', files: ['/srv/shop/a.yml'] },
    ],
    [
      '-f counts from the current folder',
      { files: ['a.yml'] },
      { files: ['x/b.yml'] },
      { directory: '/home/me/shop/x', files: ['/home/me/shop/x/b.yml'] },
    ],
    [
      '--project-directory beats the folder of -f',
      {},
      { files: ['x/b.yml'], directory: '..' },
      { directory: '/home/me', files: ['/home/me/shop/x/b.yml'] },
    ],
    [
      "env files count from the stack's folder",
      { directory: '/srv', env_files: ['.env', '/etc/e'] },
      {},
      { directory: '/srv', env_files: ['/srv/.env', '/etc/e'] },
    ],
    [
      '--env-file counts from the current folder',
      { directory: '/srv', env_files: ['.env'] },
      { env_files: ['.env'] },
      { directory: '/srv', env_files: ['/home/me/shop/.env'] },
    ],
    [
      'the command line beats the playbook',
      { project: 'a', context: 'b', profiles: ['c'] },
      { project: 'x', context: 'y', profiles: ['z'] },
      { project: 'x', context: 'y', profiles: ['z'] },
    ],
    [
      'options that say nothing beat nothing',
      { project: 'a', profiles: ['c'], files: ['a.yml'] },
      { files: [], profiles: [] },
      { project: 'a', profiles: ['c'], files: ['/home/me/shop/a.yml'] },
    ],
  ])('%s', (_what, target, flags, expected) => {
    expect(resolve(target, flags)).toEqual({ ...BARE, ...expected });
  });
});

describe('templates', () => {
  test('values must become texts of variables, lists keep their items', () => {
    const target: TargetDeclaration = {
      env: { TAG: '{{inputs.tag}}', N: 3, ON: true, MIXED: 'v{{inputs.n}}' },
      profiles: '{{inputs.profiles}}' as unknown as string[],
      files: ['compose.{{inputs.tag}}.yml'],
    };
    expect(resolve(target, {}, { tag: '1.10', n: 2, profiles: ['a', 'b'] })).toMatchObject({
      env: { TAG: '1.10', N: '3', ON: 'true', MIXED: 'v2' },
      profiles: ['a', 'b'],
      files: ['/home/me/shop/compose.1.10.yml'],
    });
  });

  test('a missing value must be a problem, not an empty variable', () => {
    expect(() => resolve({ env: { TAG: '{{inputs.tag}}' } })).toThrow(Problems);
  });

  test('a value of the wrong type must be a problem', () => {
    expect(() => resolve({ profiles: '{{inputs.tag}}' as unknown as string[] }, {}, { tag: 'x' })).toThrow(
      'must be a list',
    );
  });
});
