import { describe, expect, it } from 'vitest';
import type { Replica } from '../../../runners/watch/replica.ts';
import { judgeRestarts, type Restarts, restartsAtFirst } from '../../../runners/watch/restarts-decide.ts';
import type { Json } from '../../../src/runner/contract.ts';
import { blind, replica } from './replicas.ts';

type Looked = [seconds: number, ...replicas: Replica[]];

/** Looks one after the other with `more_than: 2`, watched from second 100 on. */
function judged(looks: Looked[], more: { baseline?: Json; oom?: Record<string, number> } = {}) {
  let before: Restarts = restartsAtFirst(more.baseline);
  return looks.map(([seconds, ...replicas]) => {
    const times = { at: seconds * 1000, now: seconds * 1000, since: 100_000 };
    const { restarts, sample } = judgeRestarts(replicas, { ...times, before, oom: more.oom ?? {}, more_than: 2 });
    before = restarts;
    return { bad: sample.bad, say: sample.say, ...sample.values };
  });
}

const restarted = (restarts: number, more: Partial<Replica> = {}) => replica({ restarts, ...more });

describe('watch.restarts', () => {
  it('must count only what comes after the watch began', () => {
    expect(
      judged([
        [100, restarted(7)],
        [110, restarted(9)],
        [120, restarted(10)],
      ]),
    ).toEqual([
      { bad: false, say: 'no container was restarted', restarts: 0, oom: 0 },
      { bad: false, say: 'shop-web-1 was restarted 2 times', restarts: 2, oom: 0 },
      { bad: true, say: 'shop-web-1 was restarted 3 times', restarts: 3, oom: 0 },
    ]);
  });

  it('must count every restart of a container that was made since', () => {
    expect(judged([[100], [110, restarted(3, { created_at: 105_000 })]])[1]).toMatchObject({ bad: true, restarts: 3 });
  });

  it('must count on when a start by hand has set the count back', () => {
    const looks: Looked[] = [
      [100, restarted(0)],
      [110, restarted(2)],
      [120, restarted(0)],
      [130, restarted(1)],
    ];
    expect(judged(looks).map(({ bad }) => bad)).toEqual([false, false, false, true]);
  });

  it('must count container by container, and keep the count of one that is gone', () => {
    const b = (restarts: number) => restarted(restarts, { name: 'b' });
    const looks: Looked[] = [
      [100, restarted(0), b(0)],
      [110, restarted(2), b(2)],
      [120, restarted(3), b(2)],
      [130, b(2)],
    ];
    expect(judged(looks).map(({ bad }) => bad)).toEqual([false, false, true, true]);
  });

  it('must be bad at the first kill for want of memory since it watches, and at none before', () => {
    const killed = (seconds: number) => restarted(0, { state: 'exited', oom: true, finished_at: seconds * 1000 });
    expect(
      judged([
        [100, killed(90)],
        [110, killed(90)],
        [120, killed(115)],
        [130, killed(115)],
      ]),
    ).toMatchObject([
      { bad: false, oom: 0 },
      { bad: false, oom: 0 },
      { bad: true, oom: 1, say: 'shop-web-1 ran out of memory' },
      { bad: true, oom: 1 },
    ]);
  });

  it('must see the kill of a child, which only an event tells of', () => {
    const [only] = judged([[100, replica()]], { oom: { 'id of shop-web-1': 2 } });
    expect(only).toMatchObject({ bad: true, oom: 2, say: 'shop-web-1 ran out of memory 2 times' });
  });

  it('must leave out what kept crashing before, until it has run for a while', () => {
    const crash = (restarts: number) => blind({ restarts, state: 'restarting' });
    const runs = (seconds: number) => blind({ restarts: 9, started_at: seconds * 1000 });
    const looks: Looked[] = [
      [100, crash(5)],
      [110, crash(9)],
      [111, runs(110)],
      [121, runs(110)],
      [130, crash(12)],
    ];
    expect(judged(looks, { baseline: { aside: ['web'] } }).map(({ bad }) => bad)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
  });
});
