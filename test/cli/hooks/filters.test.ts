import { describe, expect, test } from 'vitest';
import { matches, whyNot } from '../../../src/cli/hooks/filters.ts';
import type { GitStart } from '../../../src/playbook/types.ts';

const start = (more: Partial<GitStart> = {}): GitStart => ({
  hook: 'post-receive',
  refs: ['main'],
  skip_words: ['[skip deploy]'],
  ...more,
});
const arrived = { hook: 'post-receive', ref: 'refs/heads/main', message: 'Change the page' } as const;

describe('a pattern', () => {
  const cases: [pattern: string, text: string, fits: boolean][] = [
    ['main', 'main', true],
    ['main', 'maintenance', false],
    ['m.in', 'main', false],
    ['release/*', 'release/1', true],
    ['release/*', 'release/1/2', false],
    ['release/**', 'release/1/2', true],
    ['**/compose.yml', 'compose.yml', true],
    ['**/compose.yml', 'a/b/compose.yml', true],
    ['web/**', 'web', false],
    ['*.yml', 'a\nb.yml', true],
    ['a?c', 'abc', true],
    ['$(x)[a]{2}+|^', '$(x)[a]{2}+|^', true],
  ];
  test.each(cases)('%j and %j', (pattern, text, fits) => {
    expect(matches(pattern, text)).toBe(fits);
  });
});

describe('a playbook must start only by what it names, and say why not', () => {
  const cases: [
    what: string,
    starts: GitStart[] | undefined,
    more: Partial<Parameters<typeof whyNot>[1]>,
    says: string | undefined,
  ][] = [
    ['its branch', [start()], {}, undefined],
    ['no start at all', undefined, {}, 'it has no `start` for post-receive'],
    ['another hook', [start({ hook: 'post-merge' })], {}, 'it has no `start` for post-receive'],
    ['another branch', [start()], { ref: 'refs/heads/$(x)' }, 'it starts by main, not by refs/heads/$(x)'],
    ['a tag of the same name', [start()], { ref: 'refs/tags/main' }, 'it starts by main, not by refs/tags/main'],
    ['a whole ref', [start({ refs: ['refs/tags/v*'] })], { ref: 'refs/tags/v1' }, undefined],
    ['a word to skip it', [start()], { message: 'Typo\n\n[skip deploy]' }, 'the commit says [skip deploy]'],
    ['a file it names', [start({ paths: ['web/**'] })], { changed: ['README.md', 'web/a'] }, undefined],
    [
      'no file it names',
      [start({ paths: ['web/**', 'c'] })],
      { changed: ['README.md'] },
      'nothing differs from what is deployed in web/**, c',
    ],
    [
      'no file it names, by a merge',
      [start({ hook: 'post-merge', paths: ['web/**'] })],
      { hook: 'post-merge', changed: ['README.md'] },
      'the merge changes nothing in web/**',
    ],
    ['nothing deployed yet', [start({ paths: ['web/**'] })], {}, undefined],
    ['one of two entries', [start({ refs: ['other'] }), start()], {}, undefined],
  ];
  test.each(cases)('%s', (_what, starts, more, says) => {
    expect(whyNot(starts, { ...arrived, ...more })).toBe(says);
  });
});
