import type { Look } from '../../src/runner/contract.ts';
import { readDockerConfig } from './docker-host.ts';
import { registryOf } from './image-name.ts';
import { runProgram } from './program.ts';

/** The X-Registry-Auth header for a reference: from the docker CLI's credential helpers, else its `auths`; none where it has none. */
export async function registryAuth(reference: string, look: Look): Promise<string | undefined> {
  const config = await readDockerConfig(look.env);
  const registry = registryOf(reference);
  const server = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
  const helpers = config['credHelpers'] as Record<string, string> | undefined;
  const helper = helpers?.[server] ?? helpers?.[registry] ?? config['credsStore'];
  const login = typeof helper === 'string' ? await askHelper(helper, server, look) : undefined;
  const known = login ?? fromAuths(config['auths'], server);
  if (known === undefined) return undefined;
  return Buffer.from(JSON.stringify({ ...known, serveraddress: server })).toString('base64url');
}

type Login = { username: string; password: string } | { identitytoken: string };

function fromAuths(auths: unknown, server: string): Login | undefined {
  const entries = Object.entries((auths ?? {}) as Record<string, { auth?: string; identitytoken?: string }>);
  const found = entries.find(([name]) => name === server) ?? entries.find(([name]) => hostOf(name) === hostOf(server));
  const entry = found?.[1];
  if (entry?.identitytoken) return { identitytoken: entry.identitytoken };
  if (!entry?.auth) return undefined;
  const [username = '', ...password] = Buffer.from(entry.auth, 'base64').toString('utf8').split(':');
  return { username, password: password.join(':') };
}

function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, '').split('/')[0] ?? server;
}

/** `docker-credential-NAME get`; a helper that knows nothing, or is not there, counts as no login: the registry has the last word. */
async function askHelper(helper: string, server: string, look: Look): Promise<Login | undefined> {
  const options = { env: look.env, signal: look.signal, stdin: server, timeout: 10_000 };
  const result = await runProgram(`docker-credential-${helper}`, ['get'], options).catch(() => undefined);
  look.signal.throwIfAborted();
  if (result?.exitCode !== 0) return undefined;
  const answer = JSON.parse(result.stdout) as { Username?: string; Secret?: string };
  if (!answer.Secret) return undefined;
  if (answer.Username === '<token>') return { identitytoken: answer.Secret };
  return { username: answer.Username ?? '', password: answer.Secret };
}
