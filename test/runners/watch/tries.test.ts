import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { watchHttp } from '../../../runners/watch/http.ts';
import { watchTcp } from '../../../runners/watch/tcp.ts';
import { systemClock } from '../../../src/cli/clock.ts';
import type { Look } from '../../../src/runner/contract.ts';
import { freePort } from '../../support/ports.ts';
import { withTrigger } from '../../support/watching.ts';
import { withWebServer } from '../../support/web-server.ts';

const look = { clock: systemClock, signal: new AbortController().signal, env: {} } as unknown as Look;

const http = (url: string, more: Record<string, unknown> = {}) => ({
  url,
  every: 50,
  failing_for: 200,
  status: ['2xx'],
  each_within: 1_000,
  ...more,
});

describe('watch.http', () => {
  it('must be bad when every answer was bad for long enough, and good again after one that is not', async () => {
    let status = 200;
    await withWebServer(
      () => ({ status }),
      async (url, requests) => {
        await withTrigger(watchHttp, http(`${url}/page?token=hidden`), look, async (watched) => {
          const good = await watched.sample('good', ({ bad }) => bad === false);
          expect(good.values).toMatchObject({ status: 200, failing_for: 0 });
          status = 503;
          const first = await watched.next('failing', ({ values }) => values?.['status'] === 503);
          expect(first).toMatchObject({ bad: false, say: `${url}/page answers 503, for 0 s` });
          const bad = await watched.next('bad', (sample) => sample.bad === true);
          expect(bad.at - first.at).toBeGreaterThanOrEqual(200);
          expect(Number(bad.values?.['failing_for'])).toBeLessThan(0.5);
          status = 204;
          await watched.next('good again', (sample) => sample.bad === false);
          expect(await watched.end()).toBeLessThan(100);
          expect(JSON.stringify(watched.samples)).not.toContain('hidden');
        });
        expect(new Set(requests.map(({ headers }) => headers.connection))).toEqual(new Set(['close']));
      },
    );
  });

  it('must take a refused connection, and an answer that is too slow, for bad', async () => {
    const refused = http(`http://127.0.0.1:${await freePort()}/`);
    await withTrigger(watchHttp, refused, look, async (watched) => {
      expect((await watched.sample('bad', ({ bad }) => bad === true)).say).toContain('connection refused');
    });
    await withWebServer(
      () => ({ delayMs: 2_000 }),
      async (url) => {
        await withTrigger(watchHttp, http(url, { each_within: 100 }), look, async (watched) => {
          expect((await watched.sample('bad', ({ bad }) => bad === true)).say).toContain(
            'no whole answer within 100 ms',
          );
          expect(await watched.end()).toBeLessThan(100);
        });
      },
    );
  });

  it('must send its headers, and know other statuses for good', async () => {
    await withWebServer(
      ({ headers }) => ({ status: headers['x-from'] === 'us' ? 401 : 200 }),
      async (url) => {
        const params = http(url, { headers: { 'X-From': 'us' }, status: ['3xx', 401] });
        expect(await watchHttp.baseline?.(params as never, look)).toEqual({ bad: false, say: 'it answered' });
        const strict = await watchHttp.baseline?.({ ...params, status: ['2xx'] } as never, look);
        expect(strict).toEqual({ bad: true, say: `${url}/ answers 401` });
      },
    );
  });
});

describe('watch.tcp', () => {
  it('must be bad while nothing accepts connections, and good as soon as something does', async () => {
    const port = await freePort();
    const params = { host: '127.0.0.1', port, every: 50, failing_for: 100, each_within: 1_000 };
    expect(await watchTcp.baseline?.(params, look)).toEqual({
      bad: true,
      say: `127.0.0.1:${port} accepts no connection (connection refused)`,
    });
    const server = createServer((socket) => socket.destroy());
    await withTrigger(watchTcp, params, look, async (watched) => {
      await watched.sample('bad', ({ bad }) => bad === true);
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      await watched.next('good', ({ bad }) => bad === false);
    });
    await new Promise((resolve) => server.close(resolve));
  });
});
