import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dockerChanger, dockerReader } from '../../../runners/clients/docker.ts';
import { Refusal, StepFailure } from '../../../src/errors.ts';
import { type ClientLook, clientLook } from '../../support/client-look.ts';
import { tempFolder } from '../../support/temp-folder.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
type Fake = ClientLook & { requests: string[]; bodies: string[]; socket: string };

/** An engine that answers what a test wants, on a socket of its own. */
async function withEngine(handler: Handler, body: (fake: Fake) => Promise<void>): Promise<void> {
  const socket = join(await tempFolder('engine'), 'docker.sock');
  const requests: string[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      bodies.push(text);
      handler(request, response, text);
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const client = clientLook({ DOCKER_HOST: `unix://${socket}` });
  try {
    await body({ ...client, requests, bodies, socket });
  } finally {
    client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

const failing =
  (status: number, message: string): Handler =>
  (_request, response) =>
    json(response, status, { message });

describe('reads of the engine', () => {
  test('what is not there must be undefined, never an error', async () => {
    await withEngine(failing(404, 'No such container: x'), async ({ look }) => {
      const docker = await dockerReader(look);
      expect(await docker.container('x')).toBeUndefined();
      expect(await docker.image('x:1')).toBeUndefined();
      expect(await docker.network('x')).toBeUndefined();
      expect(await docker.volume('x')).toBeUndefined();
      expect(await docker.containers()).toEqual([]);
    });
  });

  test('filters must arrive as the engine reads them', async () => {
    await withEngine(
      (_request, response) => json(response, 200, []),
      async ({ look, requests }) => {
        const docker = await dockerReader(look);
        await docker.containers({ project: 'shop', service: 'web', running: true });
        const url = new URL(`http://engine${requests[0]?.split(' ')[1]}`);
        expect(url.pathname).toBe('/containers/json');
        expect(url.searchParams.get('all')).toBe('false');
        expect(JSON.parse(url.searchParams.get('filters') ?? '')).toEqual({
          label: ['com.docker.compose.project=shop', 'com.docker.compose.service=web'],
        });
      },
    );
  });

  test('a broken connection must be tried again, and named when it stays broken', async () => {
    let answers = 2;
    await withEngine(
      (request, response) => {
        answers -= 1;
        if (answers < 0) json(response, 200, { Id: 'x' });
        else request.socket.destroy();
      },
      async ({ look, requests, socket }) => {
        const docker = await dockerReader(look);
        expect(await docker.container('x')).toEqual({ Id: 'x' });
        expect(requests).toHaveLength(3);
        answers = 99;
        const error = await docker.container('x').catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(Refusal);
        expect(error).toMatchObject({
          reason: 'unavailable',
          message: `The Docker Engine at unix://${socket} cannot be reached: the connection broke.`,
        });
      },
    );
  });

  test.each([
    ['unix:///nowhere/docker.sock', 'there is no such socket'],
    ['tcp://127.0.0.1:1', 'nobody answers there'],
  ])('an engine that is not there (%s) must be a refusal that says where and why', async (host, why) => {
    const { look } = clientLook({ DOCKER_HOST: host });
    const docker = await dockerReader(look);
    await expect(docker.version()).rejects.toMatchObject({
      name: 'Refusal',
      reason: 'unavailable',
      message: `The Docker Engine at ${host} cannot be reached: ${why}.`,
      hint: expect.stringContaining('docker info'),
    });
  });

  test('an error of the engine must be a failure with its own words', async () => {
    await withEngine(failing(500, 'disk I/O error.'), async ({ look, requests }) => {
      const docker = await dockerReader(look);
      await expect(docker.info()).rejects.toMatchObject({
        name: 'StepFailure',
        class: 'exit',
        message: 'The Docker Engine says: disk I/O error.',
      });
      expect(requests).toHaveLength(3);
    });
    await withEngine(failing(409, 'it is being removed'), async ({ look, requests }) => {
      const docker = await dockerReader(look);
      await expect(docker.container('x')).rejects.toMatchObject({ class: 'conflict' });
      expect(requests).toHaveLength(1);
    });
  });

  test('an engine that fails for a moment must be asked again', async () => {
    let hiccups = 2;
    await withEngine(
      (_request, response) => {
        hiccups -= 1;
        if (hiccups < 0) json(response, 200, { Id: 'x' });
        else json(response, 500, { message: 'hiccup' });
      },
      async ({ look }) => {
        expect(await (await dockerReader(look)).container('x')).toEqual({ Id: 'x' });
      },
    );
  });

  test('an aborted look must end a read that hangs, with its own reason', async () => {
    await withEngine(
      () => undefined,
      async ({ look, abort, requests }) => {
        const docker = await dockerReader(look);
        const asked = docker.info();
        const caught = asked.catch((thrown: unknown) => thrown);
        while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
        abort(new Error('enough'));
        expect(await caught).toMatchObject({ message: 'enough' });
      },
    );
  });

  test('a log that happens to be JSON must stay text', async () => {
    const line = '{"level":"info"}\n';
    await withEngine(
      (_request, response) => response.end(line),
      async ({ look }) => {
        expect(await (await dockerReader(look)).logs('x', { tail: 10 })).toEqual(['{"level":"info"}']);
      },
    );
  });

  test('events must keep every digit of their time, and end with the signal', async () => {
    const event = { Type: 'container', Action: 'start', Actor: { ID: 'x', Attributes: { name: 'web' } } };
    const line = `${JSON.stringify(event).slice(0, -1)},"timeNano":1763815119123456789}\n`;
    await withEngine(
      (_request, response) => {
        response.write(line.slice(0, 40));
        setImmediate(() => response.write(line.slice(40)));
      },
      async ({ look }) => {
        const docker = await dockerReader(look);
        const stop = new AbortController();
        const seen = [];
        for await (const one of docker.events({ types: ['container'] }, stop.signal)) {
          seen.push(one);
          stop.abort();
        }
        expect(seen).toEqual([
          {
            type: 'container',
            action: 'start',
            id: 'x',
            attributes: { name: 'web' },
            time_nano: '1763815119123456789',
          },
        ]);
      },
    );
  });

  test.each([
    ['toomanyrequests: rate limit', 'transient'],
    ['dial tcp 127.0.0.1:5000: connect: connection refused', 'transient'],
    ['manifest unknown: manifest unknown', 'not-found'],
    ['unauthorized: authentication required', 'auth'],
    ['denied: requested access to the resource is denied', 'auth'],
  ])('a registry that says "%s" must be a failure of class %s', async (said, failureClass) => {
    await withEngine(failing(500, said), async ({ look }) => {
      const docker = await dockerReader({ ...look, env: { ...look.env, DOCKER_CONFIG: '/nowhere' } });
      const error = await docker.registryDigest('registry.example/app:1').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StepFailure);
      expect(error).toMatchObject({ class: failureClass, lines: [said] });
    });
  });
});

describe('changes of the engine', () => {
  test.each<[string, number, string, (docker: Awaited<ReturnType<typeof dockerChanger>>) => Promise<unknown>]>([
    ['starting what runs', 304, '', (docker) => docker.start('x')],
    ['stopping what stands', 304, '', (docker) => docker.stop('x')],
    ['stopping what is gone', 404, 'No such container: x', (docker) => docker.stop('x', 1)],
    ['removing what is gone', 404, 'No such container: x', (docker) => docker.remove('x', { anonymousVolumes: false })],
    [
      'removing what is being removed',
      409,
      'removal of container x is already in progress',
      (docker) => docker.remove('x', { anonymousVolumes: false }),
    ],
    ['taking off a name that is gone', 404, 'No such image: x:1', (docker) => docker.untag('x:1')],
    [
      'connecting what is connected',
      403,
      'endpoint with name web already exists in network n',
      (docker) => docker.connect('n', 'x', {}),
    ],
    [
      'disconnecting what is not connected',
      500,
      'container x is not connected to network n',
      (docker) => docker.disconnect('n', 'x'),
    ],
    ['removing a network that is gone', 404, 'network n not found', (docker) => docker.removeNetwork('n')],
    ['removing a volume that is gone', 404, 'no such volume', (docker) => docker.removeVolume('v')],
  ])('%s must count as done', async (_name, status, message, act) => {
    await withEngine(
      (_request, response) => (status === 304 ? response.writeHead(304).end() : json(response, status, { message })),
      async ({ context }) => {
        expect(await act(await dockerChanger(context))).toBeUndefined();
      },
    );
  });

  test.each([
    [500, 'driver failed: Bind for 0.0.0.0:8080 failed: port is already allocated', 'conflict'],
    [404, 'No such container: x', 'not-found'],
    [409, 'conflict', 'conflict'],
    [503, 'busy', 'transient'],
    [500, 'no space left on device', 'exit'],
  ])('a start that ends with %i "%s" must be a failure of class %s', async (status, message, failureClass) => {
    await withEngine(failing(status, message), async ({ context }) => {
      await expect((await dockerChanger(context)).start('x')).rejects.toMatchObject({
        name: 'StepFailure',
        class: failureClass,
        message: `The Docker Engine says: ${message}.`,
      });
    });
  });

  test('a change whose connection broke must not be sent again: it may have been carried out', async () => {
    await withEngine(
      (request) => request.socket.destroy(),
      async ({ context, requests }) => {
        await expect((await dockerChanger(context)).start('x')).rejects.toMatchObject({ class: 'unavailable' });
        expect(requests).toHaveLength(1);
      },
    );
  });

  test('after a cancel nothing more may be changed', async () => {
    await withEngine(
      (_request, response) => response.writeHead(204).end(),
      async ({ context, abort, requests }) => {
        const docker = await dockerChanger(context);
        abort(new Error('cancelled'));
        await expect(docker.start('x')).rejects.toThrow('cancelled');
        expect(requests).toEqual([]);
      },
    );
  });

  test('bodies and names must arrive whole', async () => {
    await withEngine(
      (_request, response) => json(response, 201, { Id: 'new' }),
      async ({ context, requests, bodies }) => {
        const docker = await dockerChanger(context);
        expect(await docker.createContainer('shop-web-1', { Image: 'x', Labels: { a: 'b' } })).toBe('new');
        await docker.tag('sha256:abc', '127.0.0.1:5000/shop/web:1');
        expect(requests).toEqual([
          'POST /containers/create?name=shop-web-1',
          'POST /images/sha256:abc/tag?repo=127.0.0.1%3A5000%2Fshop%2Fweb&tag=1',
        ]);
        expect(JSON.parse(bodies[0] ?? '')).toEqual({ Image: 'x', Labels: { a: 'b' } });
      },
    );
  });
});
