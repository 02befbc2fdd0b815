import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, dockerLines, program } from './docker.ts';
import { type AppVersion, root } from './images.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

/** A registry of the test's own on 127.0.0.1, which the engine uses without TLS. */
export type Registry = {
  /** `127.0.0.1:PORT`: the first part of an image's name. */
  host: string;
  /** Its data, for a test that breaks it. */
  folder: string;
  /** Makes an image that nothing else shares, pushes it as `HOST/NAME`, and takes it off the engine. Gives its digest. */
  publish(name: string, version: AppVersion, mark: string): Promise<string>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** From here on whoever asks gets no answer, until it is told to go on. */
  hang(): void;
  goOn(): void;
};

/** Whose registry it is: the shared engine's, or a private one's, which reaches no other than that of its own network. */
type Place = { env?: Record<string, string>; inNetwork?: readonly string[] };

/** Runs the body with a registry; images that came from it are taken off the engine afterwards. */
export async function withRegistry(body: (registry: Registry) => Promise<void>, place: Place = {}): Promise<void> {
  const found = await program(join(root, 'scripts/ensure-registry.sh'), []);
  if (found.code !== 0) throw new Error(found.stderr.trim());
  const folder = await mkdtemp(join(tmpdir(), 'playbook-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  const server = createServer([...(place.inNetwork ?? []), found.stdout.trim()], host, folder);
  const { env = {} } = place;
  try {
    await server.start();
    await body({ host, folder, ...server, publish: (...image) => publish({ host, env }, ...image) });
  } finally {
    await server.stop();
    await removeImages(host, env);
    await rm(folder, { recursive: true, force: true });
  }
}

type Server = Pick<Registry, 'start' | 'stop' | 'hang' | 'goOn'>;

function createServer(argv: readonly string[], host: string, folder: string): Server {
  let child: ReturnType<typeof spawn> | undefined;
  const config = join(folder, 'config.yml');
  return {
    async start() {
      await writeFile(config, configuration(host, folder));
      child = inPlace([...argv, 'serve', config]);
      await until('the registry listens', () => isListening(host, argv.slice(0, -1)));
    },
    async stop() {
      const running = child;
      child = undefined;
      if (!running || running.exitCode !== null) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGKILL');
      await ended;
    },
    hang: () => void child?.kill('SIGSTOP'),
    goOn: () => void child?.kill('SIGCONT'),
  };
}

function inPlace(argv: readonly string[]): ReturnType<typeof spawn> {
  return spawn(argv[0] ?? '', argv.slice(1), { stdio: 'ignore' });
}

async function isListening(host: string, inNetwork: readonly string[]): Promise<boolean> {
  const argv = [...inNetwork, 'bash', '-c', `exec 3<>/dev/tcp/${host.replace(':', '/')}`];
  return (await program(argv[0] ?? '', argv.slice(1))).code === 0;
}

function configuration(host: string, folder: string): string {
  return JSON.stringify({
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: host },
  });
}

type Engine = { host: string; env: Record<string, string> };

async function publish({ host, env }: Engine, ...[name, version, mark]: [string, AppVersion, string]): Promise<string> {
  const image = `${host}/${name}`;
  const former = await program('docker', ['image', 'inspect', '--format', '{{.Id}}', image], { env });
  const dockerfile = `FROM playbook-fixture/app:${version}\nLABEL playbook.test=${mark}\n`;
  await docker(['build', '-q', '-t', image, '-'], { input: dockerfile, env });
  const pushed = await docker(['push', image], { env });
  const digest = /digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1];
  if (digest === undefined) throw new Error(`docker push said no digest: ${pushed}`);
  await (former.code === 0 ? docker(['tag', former.stdout.trim(), image], { env }) : docker(['rmi', image], { env }));
  await program('docker', ['rmi', `${image.slice(0, image.lastIndexOf(':'))}@${digest}`], { env });
  return digest;
}

async function removeImages(host: string, env: Record<string, string>): Promise<void> {
  const lines = await dockerLines(['images', '--digests', '--format', '{{.Repository}} {{.Tag}} {{.Digest}}'], { env });
  const names = lines.flatMap((line) => {
    const [repository = '', tag = '', digest = ''] = line.split(' ');
    if (!repository.startsWith(host)) return [];
    return [tag === '<none>' ? `${repository}@${digest}` : `${repository}:${tag}`];
  });
  if (names.length > 0) await program('docker', ['rmi', ...new Set(names)], { env });
}
