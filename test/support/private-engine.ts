import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, type Ended, program } from './docker.ts';
import { until } from './until.ts';

/** A machine within the machine: network, processes, /run and /var/lib/docker of its own. All of it dies with its first process. */
export type Island = {
  /** Runs a program inside, to its end. */
  run(argv: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** For `spawn`: what to put in front of a command so that it runs in the island's network only, and sees this machine's files. */
  inNetwork: readonly string[];
};

export type PrivateEngine = Island & {
  /** DOCKER_HOST, reachable from outside the island too (published ports are not). */
  env: { DOCKER_HOST: string };
  start(): Promise<void>;
  /** Copies images from the shared engine: a new one has none. */
  loadImages(names: readonly string[]): Promise<void>;
  /** `TERM` as a package upgrade would, `KILL` as an out-of-memory would. */
  end(signal: 'TERM' | 'KILL'): Promise<void>;
};

/** Needs root: namespaces and mounts. */
export const canHaveIslands = process.getuid?.() === 0;

export async function withIsland(body: (island: Island) => Promise<void>): Promise<void> {
  const first = spawn('unshare', ['-m', '-n', '-p', '--fork', '--kill-child', '--mount-proc', 'bash', '-c', setUp], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const pid = await readyPid(first);
    const enter = ['nsenter', '-t', pid, '-m', '-n', '-p'];
    await body({
      run: ([...argv], env) => program(enter[0] ?? '', [...enter.slice(1), '-w', ...argv], { env: env ?? {} }),
      inNetwork: ['nsenter', '-t', pid, '-n'],
    });
  } finally {
    const gone = new Promise((resolve) => first.once('close', resolve));
    first.kill('SIGKILL');
    await gone;
  }
}

// The last line keeps the island alive until its stdin is closed, which happens when this process dies too.
const setUp = `
set -e
for folder in /run /var/lib/docker /var/log; do mount -t tmpfs tmpfs "$folder"; done
ip link set lo up
echo ready
cat >/dev/null
`;

/** The pid, seen from here, of the island's first process. */
async function readyPid(first: ChildProcess): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    first.stdout?.once('data', () => resolve());
    first.once('exit', (code) => reject(new Error(`the island did not come up: unshare ended with ${code}`)));
  });
  const children = await program('cat', [`/proc/${first.pid}/task/${first.pid}/children`]);
  return children.stdout.trim();
}

/** An engine of the test's own: to prune, restart and kill, so that nobody else's containers die. */
export async function withPrivateEngine(body: (engine: PrivateEngine) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'playbook-engine-'));
  const host = `unix://${join(folder, 'docker.sock')}`;
  const env = { DOCKER_HOST: host };
  const answers = async (): Promise<boolean> =>
    (await program('docker', ['version', '--format', '{{.Server.Version}}'], { env })).code === 0;
  try {
    await withIsland(async (island) => {
      const engine: PrivateEngine = {
        ...island,
        env,
        async start() {
          const dockerd = `rm -f /run/docker.pid; setsid dockerd -H ${host} -H unix:///run/docker.sock >>/var/log/dockerd.log 2>&1 </dev/null &`;
          await island.run(['bash', '-c', dockerd]);
          await until('the private engine answers', answers);
        },
        async loadImages(names) {
          const archive = join(folder, 'images.tar');
          await docker(['save', '-o', archive, ...names]);
          await docker(['load', '-i', archive], { env });
          await rm(archive);
        },
        async end(signal) {
          // On SIGTERM the API goes first and the containers after it; only then may the next one start.
          const kill = `pid=$(cat /run/docker.pid); kill -${signal} "$pid"; while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done`;
          await island.run(['bash', '-c', kill]);
        },
      };
      await engine.start();
      await body(engine);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
