import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../../src/errors.ts';
import type { Look } from '../../src/runner/contract.ts';
import { runProgram } from './program.ts';

/** Where the engine is: its address as a person would write it, and what a connection to it needs. */
export type DockerHost = { address: string; tls?: Tls };
export type Tls = { ca?: string; cert?: string; key?: string; verify: boolean };

/** Finds the engine as the docker CLI does: `--context`, DOCKER_HOST, DOCKER_CONTEXT, the chosen context, the default socket. */
export async function findDockerHost(look: Look): Promise<DockerHost> {
  const named = look.target.context;
  if (named === undefined && look.env['DOCKER_HOST']) return fromEnvironment(look.env['DOCKER_HOST'], look.env);
  const context = named ?? (look.env['DOCKER_CONTEXT'] || (await chosenContext(look.env)));
  if (context === undefined || context === 'default') return { address: 'unix:///var/run/docker.sock' };
  return fromContext(context, look);
}

async function fromEnvironment(address: string, env: Look['env']): Promise<DockerHost> {
  const verify = Boolean(env['DOCKER_TLS_VERIFY']);
  const folder = env['DOCKER_CERT_PATH'] ?? (verify ? dockerConfigFolder(env) : undefined);
  if (folder === undefined || !address.startsWith('tcp:')) return { address };
  return { address, tls: await readTls(folder, verify) };
}

/** The folder of the docker CLI's own configuration. */
export function dockerConfigFolder(env: Look['env']): string {
  return env['DOCKER_CONFIG'] || join(env['HOME'] ?? '/root', '.docker');
}

/** The docker CLI's configuration, `{}` where there is none. */
export async function readDockerConfig(env: Look['env']): Promise<Record<string, unknown>> {
  const file = join(dockerConfigFolder(env), 'config.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (cause) {
    throw new Refusal('unavailable', `${file} is not valid JSON, so the docker CLI cannot use it either.`, { cause });
  }
}

async function chosenContext(env: Look['env']): Promise<string | undefined> {
  const chosen = (await readDockerConfig(env))['currentContext'];
  return typeof chosen === 'string' && chosen !== '' ? chosen : undefined;
}

type ContextInspect = {
  Endpoints?: { docker?: { Host?: string; SkipTLSVerify?: boolean } };
  TLSMaterial?: { docker?: string[] };
  Storage?: { TLSPath?: string };
};

async function fromContext(name: string, look: Look): Promise<DockerHost> {
  const result = await runProgram('docker', ['context', 'inspect', '--', name], { env: look.env, signal: look.signal });
  if (result.exitCode !== 0) {
    throw new Refusal('unavailable', `The Docker context "${name}" cannot be used: ${result.lastLine}`, {
      hint: 'See `docker context ls` for the contexts there are.',
    });
  }
  const [context] = JSON.parse(result.stdout) as ContextInspect[];
  const address = context?.Endpoints?.docker?.Host;
  if (!address) throw new Refusal('unavailable', `The Docker context "${name}" names no Docker endpoint.`);
  const folder = context.TLSMaterial?.docker?.length ? join(context.Storage?.TLSPath ?? '', 'docker') : undefined;
  if (folder === undefined) return { address };
  return { address, tls: await readTls(folder, context.Endpoints?.docker?.SkipTLSVerify !== true) };
}

async function readTls(folder: string, verify: boolean): Promise<Tls> {
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => undefined);
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  return { verify, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
