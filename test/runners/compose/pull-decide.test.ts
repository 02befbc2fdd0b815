import { describe, expect, test } from 'vitest';
import { decidePulls, type ImageFinding, mustAskRegistry } from '../../../runners/compose/pull-decide.ts';
import { Refusal, StepFailure } from '../../../src/errors.ts';

const old = `sha256:${'1'.repeat(64)}`;
const newer = `sha256:${'2'.repeat(64)}`;

function finding(more: Partial<ImageFinding>): ImageFinding {
  return { name: 'shop/web:1', services: ['web'], policy: 'newer', pinned: false, ...more };
}

const here = { id: 'sha256:abc', digests: [`shop/web@${old}`] };
const failure = (kind: 'transient' | 'auth' | 'not-found') =>
  new StepFailure('The registry of shop/web:1 cannot be reached.', {
    class: kind,
    lines: ['dial tcp: refused'],
    hint: 'later',
  });

describe('what is pulled', () => {
  test.each<[string, Partial<ImageFinding>, string, string]>([
    ['the same digest', { here, registry: { digest: old } }, 'keep', 'the registry has the same'],
    ['another digest', { here, registry: { digest: newer } }, 'pull', 'the registry has another image under this name'],
    ['nothing here', { registry: { digest: newer } }, 'pull', 'it is not here yet'],
    ['built here', { here: { id: 'x', digests: [] } }, 'keep', 'built or loaded here, so not pulled'],
    ['pull_policy never', { here, policy: 'never' }, 'keep', 'it is here, and its pull_policy is never'],
    ['pull_policy missing', { here, policy: 'missing' }, 'keep', 'it is here, and its pull_policy asks no more'],
    ['pinned', { here, pinned: true }, 'keep', 'it is here, and its name fixes its content'],
    [
      'not in the registry any more',
      { here, registry: { failure: failure('not-found') } },
      'keep',
      'it is here; the registry does not have it',
    ],
    [
      'a registry out of reach',
      { here, registry: { failure: failure('transient') } },
      'keep',
      'it is here, but whether it is the newest is unknown: the registry cannot be reached (dial tcp: refused)',
    ],
    [
      'a registry that wants a login',
      { here, registry: { failure: failure('auth') } },
      'keep',
      'it is here, but whether it is the newest is unknown: the registry asks for a login (dial tcp: refused)',
    ],
  ])('%s must give its verb and its reason', (_name, more, verb, because) => {
    const [decision] = decidePulls([finding(more)]);
    expect(decision?.change).toMatchObject({
      verb,
      target: 'image shop/web:1',
      because: [because],
      certainty: 'certain',
    });
    expect(decision?.reference).toBe(verb === 'pull' ? `shop/web@${newer}` : undefined);
  });

  test('a pull must say from when the images are, and how much it would load at most', () => {
    const remote = { bytes: 43_000_000, created: '2026-11-18T10:00:00Z' };
    const old_one = { ...here, created: '2026-11-02T10:00:00Z' };
    const to = '2222… of 2026-11-18, up to 41 MB to pull';
    const diffs = decidePulls([
      finding({ here: old_one, registry: { digest: newer }, remote }),
      finding({ registry: { digest: newer }, remote }),
      finding({ registry: { digest: newer }, remote: {} }),
      finding({ registry: { digest: newer }, incoming: { id: 'sha256:def', created: remote.created } }),
    ]).map(({ change }) => change.diff);
    expect(diffs).toEqual([
      [{ what: 'digest', from: '1111… of 2026-11-02', to }],
      [{ what: 'digest', to }],
      [{ what: 'digest', to: '2222…' }],
      [{ what: 'digest', to: '2222… of 2026-11-18' }],
    ]);
  });

  test('a pull must be bound to the digest, and to the image where its layers are here already', () => {
    const [decision] = decidePulls([finding({ here, registry: { digest: newer }, incoming: { id: 'sha256:def' } })]);
    expect(decision?.change.binds).toEqual({ digest: newer, image: 'sha256:def' });
    expect(decision?.change.diff).toEqual([{ what: 'digest', from: '1111…', to: '2222…' }]);
  });

  test('a pinned image must be pulled by its own name', () => {
    const name = `shop/web:1@${newer}`;
    const [decision] = decidePulls([finding({ name, pinned: true, registry: { digest: newer } })]);
    expect(decision?.reference).toBe(name);
  });

  test('every image that cannot be had must be named in one refusal', () => {
    const findings = [
      finding({ registry: { failure: failure('transient') } }),
      finding({ name: 'db:1', services: ['db', 'job'], policy: 'never' }),
      finding({ name: 'ok:1', here, registry: { digest: old } }),
    ];
    const refused = () => decidePulls(findings);
    expect(refused).toThrow(Refusal);
    expect(refused).toThrow(
      'The registry of shop/web:1 cannot be reached. (dial tcp: refused) The image db:1 is not here, and it may not be pulled (pull_policy). Needed by web, db, job.',
    );
  });

  test.each<[string, Partial<ImageFinding>, boolean]>([
    ['missing', {}, true],
    ['missing, policy missing', { policy: 'missing' }, true],
    ['missing, policy never', { policy: 'never' }, false],
    ['an ID', { name: old, pinned: true }, false],
    ['here', { here }, true],
    ['here, policy missing', { here, policy: 'missing' }, false],
    ['here, pinned', { here, pinned: true }, false],
    ['built here', { here: { id: 'x', digests: [] } }, false],
  ])('whether the registry is asked of one that is %s', (_name, more, asked) => {
    expect(mustAskRegistry(finding(more))).toBe(asked);
  });
});
