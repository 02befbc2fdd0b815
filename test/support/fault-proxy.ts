import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** One call that came through; `path` without the `/v1.45` in front. */
export type Call = { method: string; path: string };

/** What happens to a call: refused with a status, held for a while, or its connection cut before it reaches the engine. */
export type Fault = { status: number; message: string } | { delayMs: number } | { cut: true };

export type Rule = (call: Call) => Fault | undefined;

export type FaultProxy = {
  /** For DOCKER_HOST. */
  host: string;
  calls: Call[];
  /** The calls that a rule refused. */
  refused: Call[];
  /** Changes what happens from now on. */
  rule(rule: Rule): void;
};

/** Refuses everything that could change the world. */
export const getOnly: Rule = ({ method }) =>
  method === 'GET' || method === 'HEAD' ? undefined : { status: 403, message: `${method} is refused here` };

/** Stands between a client and the real engine, or the one at `host`, while the body runs. */
export async function withFaultProxy<T>(
  rule: Rule,
  body: (proxy: FaultProxy) => Promise<T>,
  host = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock',
): Promise<T> {
  const engine = host.replace('unix://', '');
  const folder = await mkdtemp(join(tmpdir(), 'playbook-proxy-'));
  const socket = join(folder, 'docker.sock');
  const state = { rule };
  const proxy: FaultProxy = {
    host: `unix://${socket}`,
    calls: [],
    refused: [],
    rule: (next) => {
      state.rule = next;
    },
  };
  const server = createServer((incoming, response) => {
    void judge(proxy, state.rule, incoming).then((fault) => answer(fault, { incoming, response, engine }));
  });
  server.on('upgrade', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
    void judge(proxy, state.rule, incoming).then((fault) => tunnel(fault, { incoming, client, head, engine }));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  try {
    return await body(proxy);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  }
}

async function judge(proxy: FaultProxy, rule: Rule, incoming: IncomingMessage): Promise<Fault | undefined> {
  const call = { method: incoming.method ?? '', path: (incoming.url ?? '').replace(/^\/v\d+\.\d+/, '') };
  proxy.calls.push(call);
  const fault = rule(call);
  if (fault && 'status' in fault) proxy.refused.push(call);
  if (!fault || !('delayMs' in fault)) return fault;
  await pause(fault.delayMs);
  // Who has hung up meanwhile asks for nothing any more.
  return incoming.socket.destroyed ? { cut: true } : fault;
}

type Exchange = { incoming: IncomingMessage; response: ServerResponse; engine: string };

function answer(fault: Fault | undefined, { incoming, response, engine }: Exchange): void {
  if (fault && 'cut' in fault) return void incoming.socket.destroy();
  if (fault && 'status' in fault) {
    response.writeHead(fault.status, { 'content-type': 'application/json' });
    return void response.end(JSON.stringify({ message: fault.message }));
  }
  const upstream: ClientRequest = request(
    { socketPath: engine, method: incoming.method, path: incoming.url, headers: incoming.headers },
    (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      response.flushHeaders();
      reply.pipe(response);
      reply.on('error', () => response.destroy());
    },
  );
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
}

type Upgrade = { incoming: IncomingMessage; client: Socket; head: Buffer; engine: string };

/** Attach, exec and build speak their own protocol after the first request: bytes go through as they come. */
function tunnel(fault: Fault | undefined, { incoming, client, head, engine }: Upgrade): void {
  if (fault && !('delayMs' in fault)) return void client.destroy();
  const upstream = connect(engine, () => {
    const headers = incoming.rawHeaders.flatMap((name, at, all) => (at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : []));
    upstream.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    upstream.pipe(client);
    client.pipe(upstream);
  });
  upstream.on('error', () => client.destroy());
  client.on('error', () => upstream.destroy());
}
