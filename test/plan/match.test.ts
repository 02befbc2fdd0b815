import { describe, expect, it } from 'vitest';
import { matchChanges } from '../../src/plan/match.ts';
import type { PlannedChange } from '../../src/plan/types.ts';
import type { Change } from '../../src/runner/contract.ts';

const id = (letter: string) => `sha256:${letter.repeat(64)}`;

function change(verb: Change['verb'], target: string, more: Partial<Change> = {}): Change {
  return { verb, target, because: [], certainty: 'certain', ...more };
}

function planned(verb: Change['verb'], target: string, more: Partial<PlannedChange> = {}): PlannedChange {
  return { ...change(verb, target), step: 'up', ...more };
}

type Case = { title: string; planned: PlannedChange[]; now: Change[]; says: (string | RegExp)[] };

const cases: Case[] = [
  {
    title: 'the same changes must match',
    planned: [planned('recreate', 'web'), planned('keep', 'db')],
    now: [change('recreate', 'web'), change('keep', 'db')],
    says: [],
  },
  {
    title: 'the order must not matter',
    planned: [planned('create', 'a'), planned('create', 'b')],
    now: [change('create', 'b'), change('create', 'a')],
    says: [],
  },
  {
    title: 'a change that the plan did not list must be named, with its reason',
    planned: [planned('keep', 'db')],
    now: [change('keep', 'db'), change('remove', 'volume shop_data', { because: ['nothing uses it'] })],
    says: ['volume shop_data: the plan did not list to remove it, because nothing uses it'],
  },
  {
    title: 'two changes where one was planned must be named',
    planned: [planned('create', 'web')],
    now: [change('create', 'web'), change('create', 'web')],
    says: [/did not list to create it/],
  },
  {
    title: 'a certain change that is not needed any more must be named',
    planned: [planned('create', 'web')],
    now: [],
    says: ['web: planned was to create it, now there is nothing to do'],
  },
  {
    title: 'a certain change that has become a keep must be named',
    planned: [planned('recreate', 'web')],
    now: [change('keep', 'web')],
    says: ['web: planned was to recreate it, now there is nothing to do'],
  },
  {
    title: 'another verb must be named',
    planned: [planned('create', 'web')],
    now: [change('recreate', 'web', { because: ['the image differs'] })],
    says: ['web: planned was to create it, now it would be to recreate it, because the image differs'],
  },
  {
    title: 'what was to stay must stay',
    planned: [planned('keep', 'web')],
    now: [change('recreate', 'web')],
    says: [/planned was to keep it, now it would be to recreate it/],
  },
  {
    title: 'what was to stay and is not spoken of any more must pass',
    planned: [planned('keep', 'image a')],
    now: [],
    says: [],
  },
  {
    title: 'a fact it rests on must be the same, and is shown short',
    planned: [planned('recreate', 'web', { binds: { image: id('a') } })],
    now: [change('recreate', 'web', { binds: { image: id('b') } })],
    says: ['web: image was aaaaaaaaaaaa… in the plan, now it is bbbbbbbbbbbb…'],
  },
  {
    title: 'a fact that is gone must be named',
    planned: [planned('recreate', 'web', { binds: { container: 'old' } })],
    now: [change('recreate', 'web')],
    says: ['web: container was old in the plan, now it is gone'],
  },
  {
    title: 'a fact that is known only now must pass',
    planned: [planned('recreate', 'web')],
    now: [change('recreate', 'web', { binds: { image: id('b') } })],
    says: [],
  },
  {
    title: 'a kept container that was replaced by hand must be named',
    planned: [planned('keep', 'db', { binds: { containers: 'one' } })],
    now: [change('keep', 'db', { binds: { containers: 'two' } })],
    says: [/containers was one in the plan, now it is two/],
  },
  {
    title: 'a likely change may fall away',
    planned: [planned('recreate', 'web', { certainty: 'likely' })],
    now: [change('keep', 'web')],
    says: [],
  },
  {
    title: 'a likely change may not turn into another one',
    planned: [planned('recreate', 'web', { certainty: 'likely' })],
    now: [change('remove', 'web')],
    says: [/planned was to recreate it, now it would be to remove it/],
  },
  {
    title: 'a likely change is not held to facts',
    planned: [planned('recreate', 'web', { certainty: 'likely', binds: { image: id('a') } })],
    now: [change('recreate', 'web', { binds: { image: id('b') } })],
    says: [],
  },
  {
    title: 'an unknown change may turn out as anything',
    planned: [planned('recreate', 'web', { certainty: 'unknown' })],
    now: [change('create', 'web')],
    says: [],
  },
  {
    title: 'an unknown change of one target must not allow one of another',
    planned: [planned('recreate', 'web', { certainty: 'unknown' })],
    now: [change('create', 'api')],
    says: [/^api:/],
  },
  {
    title: 'F77 a step that was unknown as a whole may do whatever it turns out to do',
    planned: [planned('execute', 'smoke', { certainty: 'unknown', open: true })],
    now: [change('run', 'x'), change('create', 'y')],
    says: [],
  },
  {
    title: 'F76 a plan of an empty host must not fit once something is there',
    planned: [planned('create', 'web')],
    now: [change('recreate', 'web')],
    says: [/planned was to create it/],
  },
  { title: 'nothing planned and nothing to do must match', planned: [], now: [change('keep', 'web')], says: [] },
];

describe('F75 what a step does must be what the plan listed', () => {
  it.each(cases)('$title', ({ planned: before, now, says }) => {
    const sentences = matchChanges(before, now);
    expect(sentences).toHaveLength(says.length);
    for (const [index, expected] of says.entries()) expect(sentences[index]).toMatch(expected);
  });
});
