import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { Problems, Refusal } from '../errors.ts';
import { formatSize } from '../playbook/size.ts';
import type { Look } from '../runner/contract.ts';
import type { Invocation } from './command.ts';
import { lookAtLocks } from './doctor-locks.ts';
import { withoutHistory } from './history-access.ts';
import { createLook } from './look.ts';
import { createResources } from './resources.ts';
import { composeVersion, engineReader } from './wire.ts';

/** One point that was looked at; `missing`: without it nothing can be run. */
export type Finding = { level: 'ok' | 'warn' | 'missing'; name: string; say: string; fix?: string };

/** The engine, Compose, who may use them, and the disk they store on. */
export async function lookAtEngine(invocation: Invocation): Promise<Finding[]> {
  const resources = createResources();
  const look = lookFor(invocation, resources);
  try {
    const seen = await found('engine', () => engine(look));
    return [
      ...seen,
      ...rights(look),
      ...(await found('compose', () => compose(look))),
      ...(seen.some(({ level }) => level === 'missing')
        ? []
        : await found('lock', () => lookAtLocks(look, invocation))),
    ];
  } finally {
    resources.close();
  }
}

function lookFor({ flags, io }: Invocation, resources: ReturnType<typeof createResources>): Look {
  const context = flags.context === undefined ? {} : { context: flags.context };
  const target = { directory: io.cwd, files: [], env_files: [], profiles: [], env: {}, ...context };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return createLook(
    { target, signal, resources, playbook_dir: io.cwd, env: io.env, memory: withoutHistory() },
    async () => ({
      project: '',
      engine_id: '',
    }),
  );
}

const PATIENCE_MS = 20_000;
const OLDEST_ENGINE = 25;
const OLDEST_COMPOSE = [2, 26];

/** What refuses becomes a finding with the same sentence. */
async function found(name: string, ask: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Problems) return [{ level: 'missing', name, say: error.message }];
    if (!(error instanceof Refusal)) throw error;
    return [{ level: 'missing', name, say: error.message, ...(error.hint && { fix: error.hint }) }];
  }
}

async function engine(look: Look): Promise<Finding[]> {
  const reader = await engineReader(look);
  const { version, name, os } = await reader.version();
  const isOld = Number.parseInt(version, 10) < OLDEST_ENGINE;
  const seen: Finding = isOld
    ? { level: 'missing', name: 'engine', say: `Docker Engine ${version} is too old`, fix: 'Install 25 or newer.' }
    : { level: 'ok', name: 'engine', say: `Docker Engine ${version} on ${name} (${os})` };
  const root = (await reader.info())['DockerRootDir'];
  return [seen, disk(typeof root === 'string' ? root : undefined)];
}

async function compose(look: Look): Promise<Finding[]> {
  const version = await composeVersion(look);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0] = OLDEST_COMPOSE;
  const isOld = major < oldMajor || (major === oldMajor && minor < oldMinor);
  if (isOld)
    return [{ level: 'missing', name: 'compose', say: `Compose ${version} is too old`, fix: 'Install 2.26 or newer.' }];
  return [{ level: 'ok', name: 'compose', say: `Compose ${version}` }];
}

const LITTLE = 2 * 1024 ** 3;

/** Of a remote engine, or one in another file system, nothing can be said from here. */
function disk(root: string | undefined): Finding {
  if (root === undefined || !existsSync(root))
    return { level: 'warn', name: 'disk', say: `unknown: ${root ?? 'where Docker stores'} cannot be seen from here` };
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  const say = `${formatSize(free)} free where Docker stores (${root})`;
  if (free >= LITTLE) return { level: 'ok', name: 'disk', say };
  return { level: 'warn', name: 'disk', say, fix: '`docker system df` shows what takes the room.' };
}

/** Who may write to the socket is as good as root, and who may not can do nothing. */
function rights(look: Look): Finding[] {
  const host = look.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  const socket = /^unix:\/\/(.*)$/.exec(host)?.[1];
  if (socket === undefined || look.target.context !== undefined || !existsSync(socket)) return [];
  try {
    accessSync(socket, constants.R_OK | constants.W_OK);
    return [{ level: 'ok', name: 'rights', say: `this user may use ${socket} (which is as much as being root)` }];
  } catch {
    const fix = 'Run as root, or let root do: usermod -aG docker USER (then log in anew).';
    return [{ level: 'missing', name: 'rights', say: `this user may not use ${socket}`, fix }];
  }
}
