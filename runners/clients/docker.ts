import type { Agent } from 'node:http';
import { inspect } from 'node:util';
import type { Context, Look } from '../../src/runner/contract.ts';
import type { Connection } from './docker-call.ts';
import { createChanger } from './docker-changer.ts';
import { type DockerHost, findDockerHost } from './docker-host.ts';
import { createReader } from './docker-reader.ts';
import type { DockerChanger, DockerReader } from './docker-types.ts';

/** The reading client of the stack's engine; its connections are shared by the whole process. */
export async function dockerReader(look: Look): Promise<DockerReader> {
  return createReader(await connect(look, 'reads'), look);
}

/** The changing client. Its connections are not reused: a request on a dead one could not be told from one that was carried out. */
export async function dockerChanger(context: Pick<Context, 'look' | 'signal'>): Promise<DockerChanger> {
  const { look } = context;
  const reader = createReader(await connect(look, 'reads'), look);
  return createChanger(reader, await connect(look, 'changes'), context.signal);
}

type Opened = { connection: Connection; agent: Agent };

async function connect(look: Look, purpose: 'reads' | 'changes'): Promise<Connection> {
  const key = ['docker', purpose, look.target.context ?? '', look.env['DOCKER_HOST'] ?? ''].join(' ');
  const open = () => openConnection(look, purpose);
  const close = (opened: Promise<Opened>) => void opened.then(({ agent }) => agent.destroy()).catch(() => undefined);
  return (await look.resources.once(key, open, close)).connection;
}

async function openConnection(look: Look, purpose: 'reads' | 'changes'): Promise<Opened> {
  const host = await findDockerHost(look);
  const [{ default: Modem }, agent] = await Promise.all([import('docker-modem'), agentFor(host, look, purpose)]);
  // docker-modem takes what is left out from the process's environment; the look's environment has had its say already.
  const nothing = {
    host: undefined,
    port: undefined,
    protocol: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
  };
  const options = { ...nothing, timeout: undefined, ...addressOptions(host), agent: terse(agent) };
  const modem = new Modem(options);
  return { agent, connection: { modem, address: host.address, clock: look.clock } };
}

function addressOptions(host: DockerHost): Record<string, unknown> {
  if (host.address.startsWith('unix:')) return { socketPath: host.address.replace(/^unix:(\/\/)?/, '') };
  // ssh: the agent below makes the connection; the host only fills the Host header.
  if (host.address.startsWith('ssh:')) return { host: 'docker.invalid', port: 80, protocol: 'http' };
  const url = new URL(host.address.replace(/^tcp:/, host.tls ? 'https:' : 'http:'));
  return {
    host: url.hostname,
    port: url.port || (host.tls ? 2376 : 2375),
    protocol: host.tls ? 'https' : 'http',
    ...host.tls,
  };
}

/**
 * docker-modem describes its options in full at each request, for a debug line that is not even written: with an
 * agent and all its sockets in there that is ten times as long as the request.
 */
function terse(agent: Agent): Agent {
  return Object.assign(agent, { [inspect.custom]: () => '[Agent]' });
}

/** Idle sockets of a Node agent do not keep the process alive. */
async function agentFor(host: DockerHost, look: Look, purpose: 'reads' | 'changes'): Promise<Agent> {
  const keepAlive = purpose === 'reads';
  if (host.address.startsWith('ssh:')) {
    const { sshAgent } = await import('./ssh-agent.ts');
    return sshAgent(host.address, look.env);
  }
  if (host.tls) {
    const { Agent: SecureAgent } = await import('node:https');
    return new SecureAgent({ keepAlive, rejectUnauthorized: host.tls.verify });
  }
  const { Agent: PlainAgent } = await import('node:http');
  return new PlainAgent({ keepAlive });
}
