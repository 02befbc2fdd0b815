import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { caddyApi } from '../../../../runners/clients/edge/caddy-api.ts';
import { socketOf } from '../../../../runners/clients/edge/haproxy-socket.ts';

const never = new AbortController().signal;

/** Something that listens where a proxy should, and says this to whoever asks. */
async function withListener(say: (socket: Socket) => void, body: (at: string) => Promise<void>): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => say(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await body(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

const endless = (head: string) => (socket: Socket) => {
  const part = 'a'.repeat(1024 * 1024);
  socket.write(head);
  const more = () => {
    while (!socket.destroyed && socket.write(part));
  };
  socket.on('drain', more);
  more();
};

describe('what listens where a proxy should must not fill the memory with an answer that has no end', () => {
  test('HAProxy', async () => {
    await withListener(endless(''), async (at) => {
      const asked = socketOf(at, never)('show servers state');
      await expect(asked).rejects.toMatchObject({ reason: 'unavailable', message: expect.stringContaining('no end') });
    });
  });

  test('Caddy', async () => {
    await withListener(endless('HTTP/1.1 200 OK\r\n\r\n'), async (at) => {
      const asked = caddyApi(at, never).get('/config/');
      await expect(asked).rejects.toMatchObject({ reason: 'unavailable', message: expect.stringContaining('no end') });
    });
  });
});

test('what answers in place of Caddy with no JSON must be told of, and be no bug', async () => {
  await withListener(
    (socket) => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>'),
    async (at) => {
      await expect(caddyApi(at, never).get('/config/')).rejects.toMatchObject({
        reason: 'unavailable',
        message: expect.stringContaining('no JSON'),
      });
    },
  );
});
