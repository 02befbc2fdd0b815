import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type Load, type LoadResult, withLoad } from './load.ts';
import { until } from './until.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string, index: number) => void;

const well: Answer = (_request, response, body) => response.end(`1\n${body}`);

/** The load on a server that answers so, until `enough`. */
async function loadOn(
  answer: Answer,
  enough = (soFar: LoadResult) => soFar.sent >= 100,
  timeout = 20_000,
): Promise<LoadResult> {
  let index = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => answer(request, response, body, index++));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const watch = (load: Load) => until('enough was sent', async () => enough(await load.soFar())).then(() => undefined);
  try {
    return await withLoad({ url, timeout }, watch);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the load generator', () => {
  test('must count every request of a server that answers as good, GET and POST in turns, on kept connections', async () => {
    const methods = { GET: 0, POST: 0 };
    const sockets = new Set<unknown>();
    const result = await loadOn((request, ...rest) => {
      methods[request.method as 'GET' | 'POST'] += 1;
      sockets.add(request.socket);
      well(request, ...rest);
    });
    expect(result).toMatchObject({ failed: 0, failures: {}, ok: result.sent });
    expect(result.versions['1']?.count).toBe(result.sent);
    expect(Math.abs(methods.GET - methods.POST)).toBeLessThanOrEqual(1);
    expect(sockets.size).toBeLessThan(result.sent / 2);
  });

  test('must count three resets as three failures', async () => {
    const result = await loadOn((request, response, body, index) =>
      [20, 21, 50].includes(index) ? request.socket.resetAndDestroy() : well(request, response, body, index),
    );
    expect(result.failed).toBe(3);
    expect(Object.keys(result.failures).every((kind) => kind.endsWith('ECONNRESET'))).toBe(true);
    expect(result.ok).toBe(result.sent - 3);
  });

  test('must count an error status, a wrong body and no answer in time, each by its name', async () => {
    const seen = { GET: 0, POST: 0 };
    const answer: Answer = (request, response, body, index) => {
      const method = request.method as 'GET' | 'POST';
      seen[method] += 1;
      if (seen[method] === 6) return undefined;
      if (seen[method] !== 5) return well(request, response, body, index);
      return method === 'GET' ? response.writeHead(503).end() : response.end('1\nnot what was sent\n');
    };
    const result = await loadOn(answer, undefined, 3_000);
    expect(result.failures).toEqual({ 'GET 503': 1, 'GET timeout': 1, 'POST timeout': 1, 'POST wrong body': 1 });
    expect(result.failed).toBe(4);
  });

  test('must go on sending while nothing is answered, and say how long nothing was', async () => {
    let silentUntil = 0;
    const result = await loadOn(
      (request, response, body, index) => {
        if (index === 20) silentUntil = Date.now() + 200;
        setTimeout(() => well(request, response, body, index), Math.max(0, silentUntil - Date.now()));
      },
      (soFar) => soFar.sent >= 150,
    );
    expect(result.failed).toBe(0);
    expect(result.longest_gap_ms).toBeGreaterThan(150);
    expect(result.max_latency_ms).toBeGreaterThan(150);
  });

  test('must tell the versions apart, with the time of their first and last answer', async () => {
    const result = await loadOn((_request, response, body, index) =>
      response.end(`${index < 40 ? '1' : '2'}\n${body}`),
    );
    const [one, two] = [result.versions['1'], result.versions['2']];
    expect((one?.count ?? 0) + (two?.count ?? 0)).toBe(result.sent);
    expect(one?.last).toBeLessThanOrEqual((two?.first ?? 0) + 50);
  });
});
