import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { docker, dockerLines, type Ended, type ProgramOptions, program } from './docker.ts';
import { type EngineState, engineState } from './engine-state.ts';
import { type AppVersion, nameApp } from './images.ts';
import { freePort } from './ports.ts';
import { type PlaybookOptions, type PlaybookRun, runPlaybook } from './run-playbook.ts';

/** A stack in a temporary folder under a Compose project name of its own. */
export type TestStack = {
  project: string;
  folder: string;
  /** State folder of the CLI, beside the stack's. */
  stateDir: string;
  /** TMPDIR of every program of this stack. */
  tmp: string;
  /** `http://127.0.0.1:PORT` of the port that was given as PORT. */
  url: string;
  port: number;
  /** What every program of this stack gets on top of the shell's environment. */
  env: Readonly<Record<string, string>>;
  /** Writes a file of the stack's folder, anew or for the first time. */
  write(path: string, text: string): Promise<void>;
  /** `docker compose ARGS` in the folder; throws when it fails. */
  compose(args: readonly string[], options?: ProgramOptions): Promise<string>;
  /** Names a version of the sample app `PROJECT/NAME`. */
  image(name: string, version: AppVersion): Promise<string>;
  /** The real command line in the stack's folder. */
  playbook(args: readonly string[], options?: Partial<PlaybookOptions>): Promise<PlaybookRun>;
  state(): Promise<EngineState>;
  /** Full IDs of the service's containers, running or not. */
  ids(service: string): Promise<string[]>;
};

/** Nothing, or the DOCKER_HOST of a private engine. */
type Engine = Record<string, string>;

/**
 * Writes the files, runs the body, and removes everything the project left on the engine, also when the body failed.
 * In the files `$PROJECT` and `$PORT` stand for the project's name and a free port.
 */
export async function withStack(
  name: string,
  files: Readonly<Record<string, string>>,
  body: (stack: TestStack) => Promise<void>,
  engine: Engine = {},
): Promise<void> {
  const base = await mkdtemp(join(tmpdir(), `playbook-test-${name}-`));
  const stack = createStack({ project: uniqueProject(name), base, port: await freePort(), engine });
  let passed = false;
  try {
    for (const folder of [stack.folder, stack.tmp]) await mkdir(folder);
    for (const [path, text] of Object.entries(files)) await stack.write(path, text);
    await body(stack);
    passed = true;
  } finally {
    await rm(base, { recursive: true, force: true });
    // What went wrong in the body is what a person wants to read, not that the clean-up could not reach the same engine.
    await removeProject(stack.project, engine).catch((error: unknown) => {
      if (passed) throw error;
    });
  }
}

let count = 0;

function uniqueProject(name: string): string {
  count += 1;
  return `pt-${name}-${process.pid.toString(36)}${count.toString(36)}`;
}

type Place = { project: string; base: string; port: number; engine: Engine };

function createStack({ project, base, port, engine }: Place): TestStack {
  const folder = join(base, 'stack');
  const stateDir = join(base, 'state');
  const tmp = join(base, 'tmp');
  const env = { COMPOSE_PROJECT_NAME: project, TMPDIR: tmp, ...engine };
  return {
    project,
    folder,
    stateDir,
    tmp,
    port,
    url: `http://127.0.0.1:${port}`,
    async write(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text.replaceAll('$PROJECT', project).replaceAll('$PORT', String(port)));
    },
    compose: (args, options) =>
      docker(['compose', ...args], { cwd: folder, ...options, env: { ...env, ...options?.env } }),
    async image(imageName, version) {
      await nameApp(`${project}/${imageName}`, version, engine);
      return `${project}/${imageName}`;
    },
    playbook: (args, options) =>
      runPlaybook(args, { cwd: folder, stateDir, ...options, env: { ...env, ...options?.env } }),
    state: () => engineState(project, engine),
    ids: (service) => containersOf(project, [`label=com.docker.compose.service=${service}`], engine),
    env,
  };
}

/** Takes away all that the project has on the engine: by label and by name, never more. */
export async function removeProject(project: string, env: Record<string, string> = {}): Promise<void> {
  const run = (args: readonly string[]): Promise<Ended> => program('docker', args, { env });
  const byLabel = ['--filter', `label=com.docker.compose.project=${project}`];
  const containers = await containersOf(project, [], env);
  const anonymous = await anonymousVolumes(containers, env);
  if (containers.length > 0) await run(['rm', '-f', '-v', ...containers]);
  if (anonymous.length > 0) await run(['volume', 'rm', '-f', ...anonymous]);
  for (const kind of ['network', 'volume']) {
    const left = await dockerLines([kind, 'ls', '-q', ...byLabel], { env });
    if (left.length > 0) await run([kind, 'rm', ...left]);
  }
  const locks = await locksOf(project, env);
  if (locks.length > 0) await run(['volume', 'rm', ...locks]);
  const names = await tagsOf(project, env);
  if (names.length > 0) await run(['rmi', ...names]);
}

/** Of runs that a test has killed. */
export function locksOf(project: string, env: Record<string, string> = {}): Promise<string[]> {
  return dockerLines(['volume', 'ls', '-q', '--filter', `label=playbook.lock=${project}`], { env });
}

function containersOf(project: string, filters: readonly string[], env = {}): Promise<string[]> {
  const all = [`label=com.docker.compose.project=${project}`, ...filters].flatMap((filter) => ['--filter', filter]);
  return dockerLines(['ps', '-aq', '--no-trunc', ...all], { env });
}

/** A container that was made anew with the volume of another one mounts it by name: `rm -v` would leave it. */
async function anonymousVolumes(containers: readonly string[], env: Record<string, string>): Promise<string[]> {
  if (containers.length === 0) return [];
  const format = '{{range .Mounts}}{{.Name}}{{"\\n"}}{{end}}';
  const names = await dockerLines(['inspect', '--format', format, ...containers], { env });
  return [...new Set(names)].filter((name) => /^[0-9a-f]{64}$/.test(name));
}

/** Names of images that belong to the project: `PROJECT/…`, `PROJECT-…` of a build, and keep tags. */
async function tagsOf(project: string, env: Record<string, string>): Promise<string[]> {
  const all = await dockerLines(['images', '--format', '{{.Repository}}:{{.Tag}}'], { env });
  return all.filter((name) => name.includes(project) && !name.includes('<none>'));
}
