import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type HttpRequest, httpRequest } from '../../../runners/clients/http.ts';

type Ask = (path: string, more?: Partial<HttpRequest>) => ReturnType<typeof httpRequest>;

type Listener = (...asked: Parameters<RequestListener>) => unknown;

async function withServer(listener: Listener, body: (ask: Ask, url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { signal } = new AbortController();
  try {
    await body((path, more) => httpRequest({ url: `${url}${path}`, timeout: 5000, signal, ...more }), url);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('one HTTP request', () => {
  test('any status must be an answer, with headers and body', async () => {
    await withServer(
      (request, response) => response.writeHead(503, { 'x-what': request.method ?? '' }).end('busy'),
      async (ask) => {
        expect(await ask('/', { method: 'PUT', body: 'x' })).toMatchObject({
          status: 503,
          headers: { 'x-what': 'PUT' },
          body: 'busy',
          cut: false,
        });
      },
    );
  });

  test('a redirect must be an answer unless it was asked to follow', async () => {
    await withServer(
      (request, response) =>
        request.url === '/' ? response.writeHead(302, { location: '/there' }).end() : response.end('there'),
      async (ask) => {
        expect(await ask('/')).toMatchObject({ status: 302, headers: { location: '/there' } });
        expect(await ask('/', { redirects: 'follow' })).toMatchObject({ status: 200, body: 'there' });
      },
    );
  });

  test('a redirect to another host must take neither headers nor body there, one to the same host both', async () => {
    const seen: string[] = [];
    await withServer(
      async (request, response) => {
        let body = '';
        for await (const chunk of request) body += String(chunk);
        seen.push(`${request.method} ${request.url} ${String(request.headers['x-api-key'] ?? '-')} ${body || '-'}`);
        const to = new URL(request.url ?? '', 'http://x').searchParams.get('to');
        const status = Number(new URL(request.url ?? '', 'http://x').searchParams.get('status') ?? 307);
        if (to === null) response.end('there');
        else response.writeHead(status, { location: to }).end();
      },
      async (ask, url) => {
        const elsewhere = url.replace('127.0.0.1', 'localhost');
        const request = { method: 'POST', headers: { 'X-Api-Key': 'k3y' }, body: 'data', redirects: 'follow' } as const;
        expect(await ask('/?to=/same', request)).toMatchObject({ body: 'there' });
        expect(seen.splice(0)).toEqual(['POST /?to=/same k3y data', 'POST /same k3y data']);
        expect(await ask(`/?to=${elsewhere}/other`, request)).toMatchObject({ body: 'there' });
        expect(seen.splice(0)[1]).toBe('POST /other - -');
        expect(await ask('/?status=303&to=/got', request)).toMatchObject({ body: 'there' });
        expect(seen.splice(0)[1]).toBe('GET /got k3y -');
      },
    );
  });

  test('redirects without an end, or to what is no web address, must not be followed', async () => {
    await withServer(
      (request, response) =>
        response.writeHead(302, { location: request.url === '/' ? '/' : 'file:///etc/passwd' }).end(),
      async (ask) => {
        await expect(ask('/', { redirects: 'follow' })).rejects.toThrow('more than 10 redirects');
        expect(await ask('/file', { redirects: 'follow' })).toMatchObject({ status: 302 });
      },
    );
  });

  test('an address with a password must be refused without saying it', async () => {
    const { signal } = new AbortController();
    const asked = httpRequest({ url: 'http://me:sesame@127.0.0.1:1/', timeout: 1000, signal });
    const error = (await asked.catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain('GET http://127.0.0.1:1/ failed');
    expect(error.message).not.toContain('sesame');
  });

  test('a body without an end must be cut', async () => {
    await withServer(
      (_request, response) => {
        const more = () => response.write('x'.repeat(64 * 1024)) && setImmediate(more);
        response.on('drain', more);
        more();
      },
      async (ask) => {
        const answer = await ask('/', { maxBody: 100_000 });
        expect([answer.body.length, answer.cut]).toEqual([100_000, true]);
      },
    );
  });

  test('an answer that does not come must be a timeout, headers alone do not count', async () => {
    await withServer(
      (_request, response) => response.flushHeaders(),
      async (ask, url) => {
        await expect(ask('/?token=abc', { timeout: 50 })).rejects.toMatchObject({
          class: 'timeout',
          message: `GET ${url}/ gave no whole answer within 50 ms`,
        });
      },
    );
  });

  test('a connection that breaks or is refused must be transient and say why', async () => {
    await withServer(
      (request) => request.socket.destroy(),
      async (ask) => {
        await expect(ask('/')).rejects.toMatchObject({
          class: 'transient',
          message: expect.stringMatching(/ failed: the connection/),
        });
      },
    );
    const { signal } = new AbortController();
    await expect(httpRequest({ url: 'http://127.0.0.1:1/', timeout: 1000, signal })).rejects.toMatchObject({
      class: 'transient',
    });
  });

  test('an aborted signal must end it with its own reason', async () => {
    const stop = new AbortController();
    await withServer(
      () => stop.abort(new Error('enough')),
      async (ask) => {
        await expect(ask('/', { signal: stop.signal })).rejects.toThrow('enough');
      },
    );
  });
});
