import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../runners/clients/docker-types.ts';
import { hearNews, secondsOf } from '../../../runners/watch/engine-news.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const event = (action: string, time: bigint): EngineEvent => ({
  type: 'container',
  action,
  id: 'a',
  attributes: {},
  time_nano: String(time),
});

/** Streams one after the other, each until it breaks; after the last one it is over. */
async function heard(...streams: (EngineEvent | 'breaks')[][]) {
  const over = new AbortController();
  const asked: string[] = [];
  const found: string[] = [];
  const left = [...streams];
  await hearNews(
    {
      docker: {
        async *events(filter) {
          asked.push(filter.since ?? '');
          const stream = left.shift();
          if (!stream) return over.abort(new Error('over'));
          for (const one of stream) {
            if (one === 'breaks') throw new Error('the connection broke');
            yield one;
          }
        },
      },
      types: ['container'],
      since: 1_700_000_000_000,
      clock: virtualClock(0),
      signal: over.signal,
    },
    ({ action }) => found.push(action),
    () => found.push('gap'),
  );
  return { found, asked };
}

const second = 1_700_000_000_000_000_000n;

describe('news of the engine', () => {
  it('must go on where a stream broke, with no event lost and none twice', async () => {
    const { found, asked } = await heard(
      [event('start', second + 5n), event('die', second + 7n), 'breaks'],
      ['breaks'],
      // `since` includes the last one.
      [event('die', second + 7n), event('start', second + 8n)],
    );
    expect(found).toEqual(['start', 'die', 'gap', 'gap', 'start', 'gap']);
    expect(asked).toEqual([
      '1700000000.000000000',
      '1700000000.000000007',
      '1700000000.000000007',
      '1700000000.000000008',
    ]);
  });

  it('must hear two events of the same moment', async () => {
    expect((await heard([event('die', second + 7n), event('stop', second + 7n)])).found).toEqual([
      'die',
      'stop',
      'gap',
    ]);
  });

  it('must write a time as the engine takes it', () => {
    expect(secondsOf(5n)).toBe('0.000000005');
    expect(secondsOf(second + 123_456_789n)).toBe('1700000000.123456789');
  });
});
