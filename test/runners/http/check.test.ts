import { describe, expect, it } from 'vitest';
import { httpCheck } from '../../../runners/http/check.ts';
import { bench } from '../../support/action-context.ts';
import { freePort } from '../../support/ports.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { withWebServer } from '../../support/web-server.ts';

const defaults = {
  method: 'GET',
  status: ['2xx'],
  samples: 1,
  every: 1,
  each_within: 2000,
  wait_up_to: 0,
  follow: false,
};

describe('http.check', () => {
  it('must take as many samples as it is told and give their count', async () => {
    const one = await bench(await tempFolder('stack'));
    await withWebServer(
      () => ({ body: 'shop 2' }),
      async (url, requests) => {
        const outputs = await one.run(httpCheck, { ...defaults, url, samples: 5, contains: 'shop' });
        expect(outputs).toMatchObject({ ok: 5, failed: 0, samples: 5, status: 200, body_excerpt: 'shop 2' });
        expect(requests).toHaveLength(5);
      },
    );
  });

  it('must fail when one of its answers is not good, and say which', async () => {
    const one = await bench(await tempFolder('stack'));
    await withWebServer(
      (_request, index) => ({ status: index === 1 ? 500 : 200, body: 'out of handles' }),
      async (url) => {
        await expect(one.run(httpCheck, { ...defaults, url, samples: 3 })).rejects.toMatchObject({
          class: 'expectation',
          message: expect.stringContaining('2 of 3 answers were good'),
        });
        expect(one.logged).toEqual(['2 of 3: the status is 500, expected was 2xx (out of handles)']);
      },
    );
  });

  it('must leave the verdict to `expect` with at_least 0', async () => {
    const one = await bench(await tempFolder('stack'));
    await withWebServer(
      () => ({ status: 503 }),
      async (url) => {
        const outputs = await one.run(httpCheck, { ...defaults, url, samples: 2, at_least: 0 });
        expect(outputs).toMatchObject({ ok: 0, failed: 2, status: 503 });
      },
    );
  });

  it('must wait for the first answer of a service that does not listen yet', async () => {
    const one = await bench(await tempFolder('stack'));
    const port = await freePort();
    const asking = one.run(httpCheck, { ...defaults, url: `http://127.0.0.1:${port}/`, wait_up_to: 10_000 });
    await withWebServer(
      () => ({ body: 'here' }),
      async () => {
        expect(await asking).toMatchObject({ ok: 1, samples: 1 });
      },
      port,
    );
  });

  it('must fail as transient where nothing ever answers', async () => {
    const one = await bench(await tempFolder('stack'));
    const url = `http://127.0.0.1:${await freePort()}/health?key=hidden`;
    const failing = one.run(httpCheck, { ...defaults, url });
    await expect(failing).rejects.toMatchObject({
      class: 'transient',
      message: expect.stringContaining('connection refused'),
    });
    await expect(failing).rejects.not.toMatchObject({ message: expect.stringContaining('hidden') });
  });

  it('must count an answer that comes too late as none', async () => {
    const one = await bench(await tempFolder('stack'));
    await withWebServer(
      () => ({ delayMs: 400 }),
      async (url) => {
        await expect(one.run(httpCheck, { ...defaults, url, each_within: 50 })).rejects.toMatchObject({
          message: expect.stringContaining('no whole answer within 50 ms'),
        });
      },
    );
  });

  it('must send its headers, secrets among them, and its body', async () => {
    const one = await bench(await tempFolder('stack'));
    const context = Object.create(one.context, { secret: { value: async () => 'sesame' } });
    await withWebServer(
      (request) => ({ status: request.headers.authorization === 'sesame' && request.method === 'POST' ? 200 : 401 }),
      async (url) => {
        const params = {
          ...defaults,
          url,
          method: 'POST',
          body: '{}',
          headers: { Authorization: { secret: 'token' } },
        };
        expect(await httpCheck.run(params as never, context)).toMatchObject({ ok: 1 });
      },
    );
  });

  it('must not follow a redirect unasked', async () => {
    const one = await bench(await tempFolder('stack'));
    await withWebServer(
      (request) => (request.url === '/' ? { status: 302, headers: { location: '/home' } } : { body: 'home' }),
      async (url) => {
        await expect(one.run(httpCheck, { ...defaults, url })).rejects.toThrow('302, expected was 2xx (to /home)');
        expect(await one.run(httpCheck, { ...defaults, url, follow: true })).toMatchObject({ body_excerpt: 'home' });
      },
    );
  });

  it('must end at once when it is told to stop', async () => {
    const one = await bench(await tempFolder('stack'));
    const context = Object.create(one.context, { signal: { value: AbortSignal.abort(new Error('cancelled')) } });
    const params = { ...defaults, url: 'http://127.0.0.1:1/', wait_up_to: 60_000 };
    await expect(httpCheck.run(params as never, context)).rejects.toThrow('cancelled');
  });
});
