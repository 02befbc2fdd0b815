import { describe, expect, it } from 'vitest';
import type { ContainerSummary, LogLine } from '../../../runners/clients/docker-types.ts';
import { logStreams } from '../../../runners/watch/log-streams.ts';
import { until } from '../../support/until.ts';

type Stream = {
  id: string;
  since: string;
  say(time: string, line: string): void;
  end(): void;
  fail(why: string): void;
};

/** An engine whose log streams the test writes and ends. */
function logs() {
  const over = new AbortController();
  const streams: Stream[] = [];
  const heard: string[] = [];
  let news = 0;
  const followed = logStreams({
    docker: {
      async *followLogs(id, { since = '' }, signal) {
        const waiting: (LogLine | Error | undefined)[] = [];
        let wake: () => void = () => undefined;
        const put = (one: LogLine | Error | undefined) => {
          waiting.push(one);
          wake();
        };
        signal.addEventListener('abort', () => put(undefined), { once: true });
        streams.push({
          id,
          since,
          say: (time, line) => put({ time, line, stream: 'stdout' }),
          end: () => put(undefined),
          fail: (why) => put(new Error(why)),
        });
        for (;;) {
          while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
          const one = waiting.shift();
          if (one === undefined) return;
          if (one instanceof Error) throw one;
          yield one;
        }
      },
    },
    signal: over.signal,
    since: '100.000000000',
    hear: ({ service, line }) => heard.push(`${service}: ${line}`),
    news: () => {
      news += 1;
    },
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { followed, streams, heard, settled, over, news: () => news };
}

function container(id: string, State = 'running'): ContainerSummary {
  const Labels = { 'com.docker.compose.service': `service-${id}` };
  return { Id: id, Names: [`/shop-${id}-1`], State, Labels } as unknown as ContainerSummary;
}

describe('the logs of containers that come and go', () => {
  it('must be followed once each, from when the watch began', async () => {
    const { followed, streams, heard, settled, over } = logs();
    followed.follow([container('a'), container('new', 'created')]);
    followed.follow([container('a'), container('b')]);
    await settled();
    expect(streams.map(({ id, since }) => [id, since])).toEqual([
      ['a', '100.000000000'],
      ['b', '100.000000000'],
    ]);
    streams[0]?.say('101.000000000', 'one');
    streams[1]?.say('101.000000000', 'two');
    await until('both are heard', () => heard.length === 2);
    expect(heard).toEqual(['service-a: one', 'service-b: two']);
    over.abort();
    await followed.closed();
  });

  it('must be taken up again after a restart from the last line on, without a line twice', async () => {
    const { followed, streams, heard, settled, over, news } = logs();
    followed.follow([container('a')]);
    await settled();
    streams[0]?.say('101.000000005', 'one');
    followed.again('a');
    streams[0]?.end();
    await until('it tells that there is more', () => news() === 1);
    followed.follow([container('a')]);
    await settled();
    expect(streams[1]?.since).toBe('101.000000005');
    streams[1]?.say('101.000000005', 'one');
    streams[1]?.say('101.000000006', 'two');
    await until('both are heard', () => heard.length === 2);
    expect(heard).toEqual(['service-a: one', 'service-a: two']);
    over.abort();
    await followed.closed();
  });

  it('must be read to the end of one that has ended before it was seen, but not again and again', async () => {
    const { followed, streams, settled, over, news } = logs();
    followed.follow([container('a', 'exited')]);
    await settled();
    streams[0]?.end();
    await settled();
    followed.follow([container('a', 'exited')]);
    followed.follow([container('a', 'exited')]);
    await settled();
    expect(streams).toHaveLength(1);
    expect(news()).toBe(0);
    over.abort();
    await followed.closed();
  });

  it('F26 must be named while they cannot be read, and tried again only when it is looked at', async () => {
    const { followed, streams, heard, settled, over, news } = logs();
    followed.follow([container('a'), container('b')]);
    await settled();
    streams[0]?.fail('no such driver');
    await until('it is told once', () => news() === 1);
    expect(followed.unread()).toEqual({ names: ['shop-a-1'], why: 'no such driver' });
    followed.follow([container('a'), container('b')]);
    await settled();
    streams[2]?.fail('no such driver');
    await settled();
    expect(news()).toBe(1);
    followed.follow([container('a'), container('b')]);
    await settled();
    streams[3]?.say('102.000000000', 'it works');
    await until('it is heard', () => heard.length === 1);
    expect(followed.unread()).toEqual({ names: [] });
    over.abort();
    await followed.closed();
  });

  it('must be opened anew when the engine was away', async () => {
    const { followed, streams, settled, over } = logs();
    followed.follow([container('a')]);
    await settled();
    followed.reopen();
    await until('the old stream has ended', async () => {
      await settled();
      followed.follow([container('a')]);
      return streams.length === 2;
    });
    expect(streams).toHaveLength(2);
    over.abort();
    await followed.closed();
  });
});
