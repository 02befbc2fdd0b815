import { describe, expect, test } from 'vitest';
import { releaseRecord } from '../../../runners/release/record.ts';
import type { Certainty, Change, Look, Verb } from '../../../src/runner/contract.ts';

const change = (verb: Verb, certainty: Certainty = 'certain'): Change => ({
  verb,
  target: 'web',
  because: [],
  certainty,
});

describe('the plan of release.record', () => {
  test.each<[string, Change[], Certainty | undefined]>([
    ['nothing before it', [], undefined],
    ['what stays as it is', [change('keep'), change('wait')], undefined],
    ['a change for certain', [change('keep'), change('recreate')], 'likely'],
    ['a build that may come out the same', [change('build', 'unknown')], 'unknown'],
  ])('with %s the release must be announced as sure as it is', async (_name, earlier, certainty) => {
    const planned = await releaseRecord.plan({ keep: 5 }, {} as Look, earlier);
    expect(planned.map((one) => one.certainty)).toEqual(certainty === undefined ? [] : [certainty]);
  });
});
