import { createServer } from 'node:net';

// Below the kernel's ephemeral range, each worker in a block of its own.
const first = 20_000 + (Number(process.env['VITEST_POOL_ID'] ?? 0) % 10) * 1000;
let next = first + (process.pid % 500);

/** A TCP port that nobody listens on, and that no other test of this run was given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = next + 1 < first + 1000 ? next + 1 : first;
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });
}
