import { describe, expect, test } from 'vitest';
import { decideRelease, type GoneImage, type ReleaseFacts } from '../../../runners/check/decide-release.ts';
import { irreversibleSince } from '../../../runners/check/judge-release.ts';
import type { Release } from '../../../src/runner/contract.ts';

const facts = (more: Partial<ReleaseFacts> = {}): ReleaseFacts => ({
  id: 'r11',
  age_ms: 3 * 24 * 3_600_000,
  commit: '3c9e1f2aaaa',
  images: 2,
  gone_images: [],
  gone_things: [],
  unset: [],
  other_variables: [],
  gone_files: [],
  other_contents: [],
  contents_file: '/state/r11/contents',
  compose: { was: '2.26.1', now: '2.26.1' },
  irreversible: [],
  ...more,
});

const gone = (registry: GoneImage['registry'], digests = ['shop/web@sha256:1']): Partial<ReleaseFacts> => ({
  gone_images: [{ service: 'web', image: 'shop/web:1', image_id: 'sha256:9b1c', digests, registry }],
});

describe('a release that cannot be put back whole must be refused with what can be done', () => {
  const cases: [string, Partial<ReleaseFacts>, string, string][] = [
    ['F44 an image is gone', gone('has it'), '1 of 2 images of release r11 is gone', 'docker pull shop/web@sha256:1'],
    ['F48 and the registry is down', gone('does not answer'), '(9b1c…) of web', 'When the registry answers again'],
    ['the registry has it no more', gone('has it no more'), 'gone from the engine', 'from commit 3c9e1f2'],
    ['F54 it was built here', gone('never had it', []), 'shop/web:1', 'It was built here. Check out commit 3c9e1f2'],
    [
      'a network of others',
      { gone_things: [{ kind: 'network', name: 'proxy', external: true }] },
      'the network proxy is gone',
      'docker network create proxy',
    ],
    ['a variable', { unset: [{ variable: 'KEY', used_by: 'secret key' }] }, 'KEY (secret key) is not set', 'Set it'],
    ['a file', { gone_files: ['config page'] }, 'config page is gone', 'kept in /state/r11/contents'],
  ];
  test.each(cases)('%s', (_what, more, say, hint) => {
    expect(decideRelease(facts(more), 'stays')).toMatchObject({
      verdict: 'no-go',
      say: expect.stringContaining(say),
      hint: expect.stringContaining(hint),
    });
  });
});

describe('what differs must be named, and not stand in the way', () => {
  const cases: [string, Partial<ReleaseFacts>, string][] = [
    [
      'a content',
      { other_contents: ['file /motd'] },
      'file /motd has another content than in the release, and stays as now',
    ],
    [
      'a volume',
      { gone_things: [{ kind: 'volume', name: 'data', external: false }] },
      'data is gone, and is made anew, empty',
    ],
    ['a variable', { other_variables: ['KEY'] }, 'KEY has another value'],
    ['Compose', { compose: { was: '2.24.0', now: '2.26.1' } }, 'recorded with Compose 2.24.0, and 2.26.1 is here'],
  ];
  test.each(cases)('%s', (_what, more, say) => {
    expect(decideRelease(facts(more), 'ask')).toMatchObject({ verdict: 'warn', say: expect.stringContaining(say) });
  });
});

test('a whole release must be a go that says which one it is', () => {
  const { verdict, say } = decideRelease(facts(), 'ask');
  expect([verdict, say]).toEqual(['go', 'release r11 of 3 days ago (commit 3c9e1f2): 2 of 2 images are here.']);
});

test('data that newer releases changed must need a word of consent, each change named with its run', () => {
  const what = 'the job migrate ran';
  const moved = facts({
    irreversible: [
      { release: 'r13', run: 'b', what },
      { release: 'r12', run: 'a', what },
    ],
  });
  expect(decideRelease(moved, 'ask')).toMatchObject({
    verdict: 'no-go',
    say: 'going back to r11 takes nothing of the data back: the job migrate ran (in r13, run b; in r12, run a).',
    hint: expect.stringContaining('-i data=stays'),
  });
  const consented = decideRelease(moved, 'stays');
  expect(consented).toMatchObject({ verdict: 'go', say: expect.stringContaining('the data stays as it is') });
});

test('only what happened after the release must be asked about', () => {
  const release = (id: string, irreversible?: string[]) => ({ id, run: `run-${id}`, irreversible }) as Release;
  const all = [release('r3', ['c']), release('r2', ['b']), release('r1', ['a']), release('found')];
  const since = (id: string) => irreversibleSince(release(id), all).map(({ release: of, what }) => `${of} ${what}`);
  expect(since('r1')).toEqual(['r3 c', 'r2 b']);
  expect(since('r3')).toEqual([]);
  expect(since('found')).toEqual(['r3 c', 'r2 b', 'r1 a']);
});
