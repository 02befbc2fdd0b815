import { describe, expect, test } from 'vitest';
import { type ImageUse, releasesToDrop } from '../../../runners/release/drop.ts';
import type { Release } from '../../../src/runner/contract.ts';

/** `r3: A` is release r3 with the image A under its keep tag. */
function release(id: string, image_id: string): Release {
  const service = { image: 'web:1', image_id, digests: [], keep_tag: `keep:${id}`, containers: 1 };
  return {
    id,
    project: 'shop',
    engine_id: 'e',
    created_at: 0,
    compose_version: '2.26.1',
    profiles: [],
    services: { web: service },
    fingerprints: {},
    files: {},
  };
}

const newestFirst = [release('r3', 'C'), release('r2', 'B'), release('r1', 'A'), release('found', 'A')];

describe('which releases go', () => {
  test.each<[string, number, Record<string, ImageUse>, string[]]>([
    ['none while there is room', 4, {}, []],
    ['the oldest beyond the number kept', 2, {}, ['found', 'r1']],
    [
      'F55 none whose tag is the last name of an image that a container needs',
      2,
      { A: { names: ['keep:r1'], container: true } },
      ['found'],
    ],
    [
      'F55 not both of two whose tags are the last names of one image',
      2,
      { A: { names: ['keep:r1', 'keep:found'], container: true } },
      ['found'],
    ],
    [
      'those whose image has another name',
      2,
      { A: { names: ['keep:r1', 'keep:found', 'web:1'], container: true } },
      ['found', 'r1'],
    ],
    ['those that no container needs', 2, { A: { names: ['keep:r1'], container: false } }, ['found', 'r1']],
  ])('%s', (_name, keep, uses, dropped) => {
    expect(releasesToDrop(newestFirst, keep, uses).map(({ id }) => id)).toEqual(dropped);
  });
});
