import { readdir, readFile, readlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { dockerLines } from './docker.ts';
import { isRunning } from './is-running.ts';
import type { TestStack } from './stack.ts';
import { until } from './until.ts';

/** What a stack has on the machine: each thing as one line for a person, so that a difference reads as a list of what was left. */
export type Things = readonly string[];

type Asked = Pick<TestStack, 'project' | 'folder' | 'stateDir' | 'env' | 'tmp'>;

/** What is there before a scenario begins, for `mustLeaveNothing`. */
export async function thingsOf(stack: Asked): Promise<Things> {
  const kinds = await Promise.all([
    containers(stack),
    networks(stack),
    volumes(stack),
    images(stack),
    processes(stack),
    files(stack),
  ]);
  return kinds.flat().toSorted();
}

/**
 * Throws with a list of what a run has left: processes, containers, networks, volumes, names of images, half-made files.
 * `expected` says what is meant to be new (a pattern on a line such as `container web-1 (exited) 4f2a…`). What comes to
 * its end by itself gets a moment for it. Call it before the stack's own clean-up.
 */
export async function mustLeaveNothing(stack: Asked, before: Things, expected?: RegExp): Promise<void> {
  let left: string[] = [];
  const nothing = async (): Promise<boolean> => {
    const now = await thingsOf(stack);
    left = now.filter((line) => !before.includes(line) && !expected?.test(line));
    return left.length === 0;
  };
  await until('nothing is left', nothing, PATIENCE).catch((error: unknown) => {
    throw new Error(`left behind:\n${left.join('\n')}`, { cause: error });
  });
}

const PATIENCE = 3_000;

async function containers({ project, env }: Asked): Promise<string[]> {
  const format = 'container {{.Names}} ({{.State}}) {{.ID}} {{.Label "com.docker.compose.project"}}';
  return ofProject(await dockerLines(['ps', '-a', '--no-trunc', '--format', format], { env }), project);
}

async function networks({ project, env }: Asked): Promise<string[]> {
  const format = 'network {{.Name}} {{.ID}} {{.Label "com.docker.compose.project"}}';
  return ofProject(await dockerLines(['network', 'ls', '--no-trunc', '--format', format], { env }), project);
}

/** Those with a name: nothing tells whose an anonymous volume was once its container is gone; `state()` compares those that are mounted. */
async function volumes({ project, env }: Asked): Promise<string[]> {
  const format = 'volume {{.Name}} {{.Label "com.docker.compose.project"}}';
  return ofProject(await dockerLines(['volume', 'ls', '--format', format], { env }), project);
}

/** Names of images; a keep tag counts where the history has no release for it. Images without a name by Compose's label. */
async function images(stack: Asked): Promise<string[]> {
  const { project, env } = stack;
  const named = await dockerLines(['images', '--format', 'image {{.Repository}}:{{.Tag}}'], { env });
  const label = `label=com.docker.compose.project=${project}`;
  const unnamed = ['images', '-q', '--no-trunc', '--filter', 'dangling=true', '--filter', label];
  const releases = await releasesOf(stack);
  return [
    ...ofProject(named, project).filter((name) => !releases.some((id) => name.endsWith(`:${id}`))),
    ...(await dockerLines(unnamed, { env })).map((id) => `image without a name ${id}`),
  ];
}

const ofProject = (lines: readonly string[], project: string): string[] =>
  lines.filter((line) => line.includes(project)).map((line) => line.trimEnd());

async function releasesOf({ project, stateDir }: Asked): Promise<string[]> {
  const paths = await namesBelow(join(stateDir, 'releases'));
  return paths.flatMap((path) => {
    const [, of, id, ...deeper] = path.split(sep);
    return of === project && id !== undefined && deeper.length === 0 ? [id] : [];
  });
}

/** Processes with the run's mark, those that sit in the stack's folders, and those that have one of their files open. */
async function processes({ folder, stateDir, tmp }: Asked): Promise<string[]> {
  const ours = [folder, stateDir, tmp];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(pids.map(async (pid) => ((await belongs(pid, ours)) ? [await named(pid)] : [])));
  return found.flat();
}

async function belongs(pid: string, folders: readonly string[]): Promise<boolean> {
  if (!isRunning(Number(pid))) return false;
  const within = (path: string): boolean => folders.some((folder) => path === folder || path.startsWith(folder + sep));
  const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const mark = environ.split('\0').find((each) => each.startsWith('PLAYBOOK_RUN='));
  if (mark !== undefined && within(mark.slice('PLAYBOOK_RUN='.length))) return true;
  const open = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = [`/proc/${pid}/cwd`, ...open.map((fd) => `/proc/${pid}/fd/${fd}`)];
  return (await Promise.all(links.map((link) => readlink(link).catch(() => '')))).some(within);
}

async function named(pid: string): Promise<string> {
  const cmdline = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return `process ${pid}: ${cmdline.replaceAll('\0', ' ').slice(0, 200)}`;
}

/** Files that are written aside, folders for contents on their way into a container, and all that lies in the temporary folder. */
async function files({ stateDir, tmp }: Asked): Promise<string[]> {
  const half = (name: string): boolean => /\.tmp$|(^|\/)contents?-\w{6}(\/|$)/.test(name);
  const [state, temporary] = await Promise.all([namesBelow(stateDir), namesBelow(tmp)]);
  return [
    ...state.filter(half).map((name) => `file ${join(stateDir, name)}`),
    ...temporary.map((name) => `file ${join(tmp, name)}`),
  ];
}

const namesBelow = (folder: string): Promise<string[]> => readdir(folder, { recursive: true }).catch(() => []);
