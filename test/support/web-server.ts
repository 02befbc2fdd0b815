import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Reply = { status?: number; headers?: Record<string, string>; body?: string; delayMs?: number };

/** A small web server on a free port while the body runs; `requests` is what it was asked. */
export async function withWebServer(
  reply: (request: IncomingMessage, index: number) => Reply,
  body: (url: string, requests: IncomingMessage[]) => Promise<void>,
  port = 0,
): Promise<void> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const { status = 200, headers = {}, body: text = '', delayMs = 0 } = reply(request, requests.length);
    requests.push(request);
    setTimeout(() => response.writeHead(status, headers).end(text), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
