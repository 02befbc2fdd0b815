import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bindings, bindFacts, canonical, changedFacts, planId } from '../../src/plan/fingerprint.ts';
import type { Json } from '../../src/runner/contract.ts';
import { playbook } from '../support/fake-run.ts';

const hmac = (text: string): string => createHmac('sha256', 'key').update(text).digest('hex');

const given: Bindings = {
  playbook: playbook([]),
  inputs: { tag: '1.5.0' },
  target: { directory: '/srv/shop', files: [], env_files: [], profiles: [], env: { PASSWORD: 'tiger' } },
  stack: {
    project: 'shop',
    directory: '/srv/shop',
    files: [],
    services: 1,
    profiles: [],
    engine_id: 'E1',
    engine_name: 'vm',
    engine_version: '26.1.5',
    compose_version: '2.26.1',
    rendered: 'r1',
  },
  changes: [
    {
      step: 'up',
      verb: 'recreate',
      target: 'web',
      because: ['the image differs'],
      certainty: 'certain',
      binds: { image: 'a' },
    },
  ],
};

function changedBy(more: Partial<Bindings>): string[] {
  return changedFacts(bindFacts(given, hmac), bindFacts({ ...given, ...more }, hmac));
}

describe('what a plan is bound to', () => {
  it('must give the same name to the same facts, whatever the order of their keys', () => {
    const turned: Bindings = {
      ...given,
      stack: Object.fromEntries(Object.entries(given.stack).reverse()) as Bindings['stack'],
    };
    expect(planId(bindFacts(turned, hmac), hmac)).toBe(planId(bindFacts(given, hmac), hmac));
    expect(planId(bindFacts(given, hmac), hmac)).toMatch(/^[0-9a-f]{8}$/);
  });

  it('must be what is done, and not what only tells that something stays', () => {
    const stays: Bindings['changes'][number] = {
      step: 'unneeded',
      verb: 'keep',
      target: 'what is new',
      because: ['1 image'],
      certainty: 'certain',
    };
    expect(changedBy({ changes: [...given.changes, stays] })).toEqual([]);
    const service = { ...stays, target: 'db', binds: { containers: 'c1' } };
    expect(changedBy({ changes: [...given.changes, service] })).not.toEqual([]);
    expect(changedBy({ changes: [...given.changes, { ...stays, verb: 'remove' }] })).not.toEqual([]);
  });

  it.each([
    ['F76 a playbook edited while the prompt waited', { playbook: playbook([], { name: 'other' }) }, 'playbook'],
    ['an input', { inputs: { tag: '1.6.0' } }, 'inputs'],
    ['a variable of the target', { target: { ...given.target, env: { PASSWORD: 'lion' } } }, 'target'],
    ['another engine', { stack: { ...given.stack, engine_id: 'E2' } }, 'engine'],
    ['the rendered file', { stack: { ...given.stack, rendered: 'r2' } }, 'rendered file'],
  ] as const)('must name %s that is no longer the same', (_, more, name) => {
    expect(changedBy(more)).toEqual([name]);
  });

  it('must name the fact of a change that is no longer the same', () => {
    expect(changedBy({ changes: given.changes.map((change) => ({ ...change, binds: { image: 'b' } })) })).toEqual([
      'up: web, image',
    ]);
  });

  it('F76 a plan of an empty host must not fit once something is there', () => {
    const first = given.changes.map((change) => ({ ...change, verb: 'create' as const, binds: {} }));
    expect(changedBy({ changes: first })).toEqual(['up: web, recreate', 'up: web, image', 'up: web, create']);
  });

  it('must not hold a value that could be read or guessed', () => {
    expect(JSON.stringify(bindFacts(given, hmac))).not.toMatch(/tiger|1\.5\.0/);
  });

  it('must not depend on why something is changed, nor on volatile versions', () => {
    expect(changedBy({ changes: given.changes.map((change) => ({ ...change, because: ['another reason'] })) })).toEqual(
      [],
    );
  });
});

describe('canonical', () => {
  it('must read back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonical(value as Json))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('must leave out what is not there', () => {
    expect(canonical({ b: undefined, a: [1, null] })).toBe('{"a":[1,null]}');
  });
});
