import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../../../runners/wait/for.ts';
import { parseHostPort } from '../../../runners/wait/host-port.ts';
import { waitSoak } from '../../../runners/wait/soak.ts';
import { bench } from '../../support/action-context.ts';
import { freePort } from '../../support/ports.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { virtualClock } from '../../support/virtual-clock.ts';
import { withWebServer } from '../../support/web-server.ts';

describe('wait.for', () => {
  it('must end when the port accepts connections', async () => {
    const one = await bench(await tempFolder('stack'));
    const port = await freePort();
    const waiting = one.run(waitFor, { tcp: `127.0.0.1:${port}`, every: 5 });
    const server = createServer().listen(port, '127.0.0.1');
    try {
      expect(await waiting).toEqual({
        waited_ms: expect.any(Number),
        say: expect.stringMatching(/ accepts connections$/),
      });
    } finally {
      server.close();
    }
  });

  it('must end when the address answers 2xx, and not before', async () => {
    const one = await bench(await tempFolder('stack'));
    await withWebServer(
      (_request, index) => ({ status: index < 2 ? 503 : 204 }),
      async (url, requests) => {
        await one.run(waitFor, { url, every: 1 });
        expect(requests).toHaveLength(3);
      },
    );
  });

  it("must end when the file is there, counted from the stack's folder", async () => {
    const folder = await tempFolder('wait');
    const one = await bench(folder);
    const waiting = one.run(waitFor, { path: 'ready', every: 1 });
    await writeFile(join(folder, 'ready'), '');
    expect(await waiting).toBeDefined();
  });

  it('must say what it waited for when its time is over', async () => {
    const one = await bench(await tempFolder('stack'));
    const over = new AbortController();
    const context = Object.create(one.context, {
      signal: { value: over.signal },
      progress: { value: () => over.abort(new Error('time is over')) },
    });
    const waiting = waitFor.run({ path: 'no/such/file', every: 60_000 }, context);
    await expect(waiting).rejects.toMatchObject({ class: 'timeout', message: 'no/such/file does not exist yet' });
  });

  it.each([
    ['db:5432', { host: 'db', port: 5432 }],
    ['[::1]:80', { host: '::1', port: 80 }],
  ])('must take %s apart', (text, parts) => {
    expect(parseHostPort(text)).toEqual(parts);
  });
});

describe('wait.soak', () => {
  const soaking = async (changed: boolean) => {
    const one = await bench(await tempFolder('stack'));
    const said: string[] = [];
    const context = Object.create(one.context, {
      changed: { value: changed },
      clock: { value: virtualClock() },
      progress: { value: ({ say }: { say: string }) => said.push(say) },
    });
    return { outputs: await waitSoak.run({ for: 300_000 }, context), said };
  };

  it('must last as long as it says, and show how long that still is', async () => {
    const { outputs, said } = await soaking(true);
    expect(outputs).toEqual({ soaked_ms: 300_000, say: 'waited for 5 min' });
    expect(said[0]).toBe('watching, 5 min left');
    expect(said.at(-1)).toBe('watching, 1 s left');
  });

  it('must end at once where the run changed nothing', async () => {
    expect(await soaking(false)).toEqual({
      outputs: { soaked_ms: 0, say: 'nothing was changed, so there is nothing to wait for' },
      said: [],
    });
  });

  it('must tell the plan how long it takes, and nothing where that is no time', async () => {
    const one = await bench(await tempFolder('stack'));
    expect(await one.plan(waitSoak, { for: 300_000 })).toMatchObject([{ verb: 'wait', takes: 300_000 }]);
    expect(await one.plan(waitSoak, { for: 0 })).toEqual([]);
  });
});
