import { describe, expect, it } from 'vitest';
import { isOurs, judgeTry, type Outage, type Try } from '../../../runners/watch/outage-decide.ts';

/** Tries one after the other with `failing_for: 10s`. */
function judged(...tries: (Omit<Try, 'at'> & { at: number })[]) {
  let outage: Outage = {};
  return tries.map((one) => {
    const found = judgeTry({ ...one, at: one.at * 1000 }, outage, 10_000);
    outage = found.outage;
    return { bad: found.sample.bad, due: found.due, failing_for: found.sample.values?.['failing_for'] };
  });
}

const fault = 'it refuses';

describe('an outage', () => {
  it('must be bad once every try has failed for long enough, and say when that is', () => {
    expect(judged({ at: 0 }, { at: 5, fault }, { at: 10, fault }, { at: 15, fault })).toEqual([
      { bad: false, due: undefined, failing_for: 0 },
      { bad: false, due: 10_000, failing_for: 0 },
      { bad: false, due: 5_000, failing_for: 5 },
      { bad: true, due: undefined, failing_for: 10 },
    ]);
  });

  it('must begin anew after a single good try', () => {
    const tries = [{ at: 0, fault }, { at: 9 }, { at: 10, fault }, { at: 19, fault }, { at: 20, fault }];
    expect(judged(...tries).map(({ bad }) => bad)).toEqual([false, false, false, false, true]);
  });

  it('F26 must neither end nor go on while nobody can tell', () => {
    const ours = { fault: 'EAI_AGAIN', ours: true };
    expect(judged({ at: 0, fault }, { at: 10, ...ours }, { at: 11, fault })).toEqual([
      { bad: false, due: 10_000, failing_for: 0 },
      { bad: undefined, due: undefined, failing_for: undefined },
      { bad: true, due: undefined, failing_for: 11 },
    ]);
  });

  it.each([
    ['getaddrinfo EAI_AGAIN shop.example', true],
    ['connect ENETUNREACH 10.0.0.1:80', true],
    ['connection refused', false],
    ['there is no host of that name', false],
    ['no answer within 5000 ms', false],
  ])('must tell a fault on this side from one over there: %s', (text, ours) => {
    expect(isOurs(text)).toBe(ours);
  });
});
