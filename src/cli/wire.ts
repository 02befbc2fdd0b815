import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DockerReader } from '../../runners/clients/docker-types.ts';
import type { GitMove, WantedMove } from '../../runners/clients/git-folder.ts';
import type { GitPlace, GitReader } from '../../runners/clients/git-repository.ts';
import { FAMILIES } from '../../runners/index.ts';
import type { ObservedContainer as Observed } from '../../runners/stack/model.ts';
import type { secretsWrittenIn as SecretsWrittenIn } from '../../runners/stack/secret-values.ts';
import type { StackSnapshot } from '../../runners/stack/snapshot.ts';
import type { StackHeader } from '../plan/types.ts';
import type { RuleWords } from '../playbook/lint/rule.ts';
import type { Look, Release } from '../runner/contract.ts';
import type { EngineLock, LockReader } from '../runner/engine-lock.ts';
import { createRegistry, type Registry } from '../runner/registry.ts';
import type { StackSurvey } from '../runner/stack-survey.ts';
import type { ServiceNow } from './drift.ts';
import type { StackTools } from './world.ts';

// The only file that sees both the runners and what runs them. Everything behind it is loaded when it is first used:
// `playbook --help` and `check` need no engine.

/** The runners by name; a family is loaded when one of its names is asked for. */
export function openRegistry(): Registry {
  return createRegistry(FAMILIES);
}

/** What `check.practices` looks for, by name, in words. */
export async function practiceWords(): Promise<Readonly<Record<string, RuleWords>>> {
  return (await import('../../runners/check/practices/words.ts')).PRACTICES;
}

/** The engine, for reading. */
export async function engineReader(look: Look): Promise<DockerReader> {
  const { dockerReader } = await import('../../runners/clients/docker.ts');
  return dockerReader(look);
}

/** Who holds which stack on the engine, for reading. */
export async function engineLockReader(look: Look): Promise<LockReader> {
  const { lockReader } = await import('../../runners/stack/lock/read.ts');
  return lockReader(await engineReader(look));
}

/** The locks on the engine, to take and to give back. */
export async function engineLock(look: Look): Promise<EngineLock> {
  const [{ engineLock: lockOf }, { dockerChanger }] = await Promise.all([
    import('../../runners/stack/lock/lock.ts'),
    import('../../runners/clients/docker.ts'),
  ]);
  return lockOf(await dockerChanger({ look, signal: look.signal }));
}
type GitEnv = GitPlace['env'];

export type { GitMove } from '../../runners/clients/git-folder.ts';

export type GitFolders = {
  planMove(wanted: WantedMove, env: GitEnv): Promise<GitMove>;
  makeMove(move: GitMove, env: GitEnv): Promise<void>;
  undoMove(move: GitMove, env: GitEnv): Promise<void>;
};

export type Shadows = {
  makeShadowRoot(): Promise<string>;
  castShadow(root: string, wanted: WantedMove, env: GitEnv): Promise<void>;
};

export async function composeVersion(look: Look): Promise<string> {
  const { composeReader } = await import('../../runners/clients/compose.ts');
  return (await composeReader(look)).version();
}

/** A git repository, for reading. */
export async function openGit(place: GitPlace): Promise<GitReader> {
  const { gitReader } = await import('../../runners/clients/git-repository.ts');
  return gitReader(place);
}

/** What putting a folder on a commit would be; doing it, and taking it back. */
export async function openGitFolders(): Promise<GitFolders> {
  const [{ planMove }, { makeMove, undoMove }] = await Promise.all([
    import('../../runners/clients/git-folder.ts'),
    import('../../runners/clients/git-move.ts'),
  ]);
  return { planMove, makeMove, undoMove };
}

/** The folder as a commit would make it, in a private folder aside. */
export async function openShadows(): Promise<Shadows> {
  const { makeShadowRoot, castShadow } = await import('../../runners/clients/git-shadow.ts');
  return { makeShadowRoot, castShadow };
}

/** The passwords in the addresses of a text. */
export async function passwordsIn(text: string): Promise<string[]> {
  return (await import('../../runners/clients/mask-output.ts')).passwordsIn(text);
}

/** What commands read of a stack. */
export const stackReads = {
  async header(look: Look): Promise<StackHeader> {
    const { stackHeader } = await import('../../runners/stack/header.ts');
    return stackHeader(look);
  },
  /** The rendered Compose file that a run works with. */
  async freeze(look: Look): Promise<string> {
    const { desiredStack } = await import('../../runners/stack/desired.ts');
    return (await desiredStack(look)).frozen;
  },
  /** What the command line may name of a stack. */
  async names(look: Look): Promise<{ services: string[]; profiles: string[] }> {
    const { renderedStack } = await import('../../runners/stack/rendered.ts');
    const services = Object.entries((await renderedStack(look)).full.services);
    const profiles = services.flatMap(([, service]) => service.profiles ?? []);
    return { services: services.map(([name]) => name).sort(), profiles: [...new Set(profiles)].sort() };
  },
  /** What `init` finds of a stack. */
  async survey(look: Look): Promise<StackSurvey> {
    const { surveyStack } = await import('../../runners/stack/survey.ts');
    return surveyStack(look);
  },
  /** The status that an address answers with at once; undefined where nothing does. */
  async answers(url: string): Promise<number | undefined> {
    const { httpRequest } = await import('../../runners/clients/http.ts');
    const asked = httpRequest({ url, timeout: 3_000, signal: new AbortController().signal, maxBody: 1024 });
    return asked.then(
      ({ status }) => status,
      () => undefined,
    );
  },
  /** What the Compose files treat as secret. */
  async secretValues(look: Look): Promise<string[]> {
    const { secretValues } = await import('../../runners/stack/secret-values.ts');
    return secretValues(look);
  },
  /** What a run has written down that was secret to it. */
  async secretsWrittenIn(written: Parameters<typeof SecretsWrittenIn>[0]): Promise<string[]> {
    const { secretsWrittenIn } = await import('../../runners/stack/secret-values.ts');
    return secretsWrittenIn(written);
  },
  /** Names of the variables that the Compose files ask for. */
  async variables(look: Look): Promise<string[]> {
    if (look.target.engine) return [];
    return look.resources.once('wire.variables', async () => {
      const { composeReader } = await import('../../runners/clients/compose.ts');
      return (await composeReader(look)).variables();
    });
  },
  /** Asks what everybody will ask, so that the answers are there then. Resolves while Compose is at work. */
  async ahead(look: Look): Promise<void> {
    const [{ composeReader }, { renderedStack }, { loadPrograms }] = await Promise.all([
      import('../../runners/clients/compose.ts'),
      import('../../runners/stack/rendered.ts'),
      import('../../runners/clients/program.ts'),
    ]);
    await loadPrograms();
    const compose = await composeReader(look);
    // Nothing else can be asked before it is known which Compose there is; the engine's client is loaded meanwhile.
    const asked: Promise<unknown>[] = [compose.version(), engineReader(look)];
    await Promise.allSettled(asked);
    asked.push(renderedStack(look), stackReads.variables(look));
    // Whoever asks again gets the same refusal.
    for (const answer of asked) answer.catch(() => undefined);
    // Two for the rendered files, with all profiles and with the active ones, and one for the variables.
    await started(3);
  },
  async services(look: Look): Promise<ServiceNow[]> {
    const { desiredStack } = await import('../../runners/stack/desired.ts');
    const { observedStack } = await import('../../runners/stack/observed.ts');
    const desired = await desiredStack(look);
    const observed = await observedStack(look, desired.project);
    const ofFiles = desired.order.map((name) => {
      const { image = '', replicas = 1, job = false } = desired.services[name] ?? {};
      const containers = observed.services[name] ?? [];
      return { name, image, wanted: replicas, job, containers: containers.filter((each) => !each.leftover).map(now) };
    });
    return [...ofFiles, ...asTheyAre(observed.orphans, await jobsOf(await look.releases.list()))];
  },
  /** What the engine alone says of a project, whatever the files are by now. */
  async present(look: Look, project: string, releases: readonly Release[]): Promise<ServiceNow[]> {
    const { projectContainers } = await import('../../runners/stack/observed.ts');
    return asTheyAre(await projectContainers(await engineReader(look), project), await jobsOf(releases));
  },
};

/** What is not in today's files: whether it is a job is known from the releases. */
function asTheyAre(found: readonly Observed[], jobs: ReadonlySet<string>): ServiceNow[] {
  const services = Map.groupBy(
    found.filter(({ leftover }) => !leftover),
    ({ service }) => service,
  );
  return [...services].map(([name, all]) => {
    const containers = all.map(now);
    const running = containers.filter((container) => container.running).length;
    return { name, image: containers.at(-1)?.image ?? '', wanted: running, job: jobs.has(name), containers };
  });
}

/** Services that stood still, or had ended, when a release was recorded. */
async function jobsOf(releases: readonly Release[]): Promise<Set<string>> {
  const { thaw } = await import('../../runners/stack/freeze.ts');
  const read = releases.map(async ({ files }) => {
    const { full, notes } = thaw(await readFile(files['config'] ?? files['outline'] ?? '', 'utf8'));
    return [...notes.jobs, ...Object.keys(full.services).filter((name) => full.services[name]?.scale === 0)];
  });
  // A file that is gone or damaged is met when somebody wants to go back to it.
  const known = await Promise.allSettled(read);
  return new Set(known.flatMap((each) => (each.status === 'fulfilled' ? each.value : [])));
}

/** From the moment on that so many programs run, loading may block this process. Not for long: it only saves time. */
async function started(programs: number): Promise<void> {
  const running = () => process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length;
  for (let tries = 0; tries < 20 && running() < programs; tries += 1) await sleep(2);
}

function now({ image_id, hash, state, health, inspect }: Observed): ServiceNow['containers'][number] {
  const since = Date.parse(inspect.State.StartedAt);
  const running = state === 'running';
  return {
    image: inspect.Config.Image,
    image_id,
    hash,
    running,
    exit: inspect.State.ExitCode,
    ...(health && { health }),
    ...(running && { since }),
  };
}

/** What a run does with the stack as a whole. */
export const stackTools: StackTools = {
  async adopt(context) {
    const { recordFound } = await import('../../runners/release/found.ts');
    return recordFound(context);
  },
  async completeAdoption(context) {
    const { desiredStack } = await import('../../runners/stack/desired.ts');
    const { project } = await desiredStack(context.look);
    if (!(await keptReleases(context.look, project)).includes('found')) return;
    const { recordFound } = await import('../../runners/release/found.ts');
    await recordFound(context);
  },
  async capture(look) {
    const { captureStack } = await import('../../runners/stack/snapshot.ts');
    return captureStack(look);
  },
  async compare(before, look) {
    const { compareStack } = await import('../../runners/stack/compare.ts');
    return compareStack(before as unknown as StackSnapshot, look);
  },
  async unreachable(look) {
    const asked = async () => (await engineReader(look)).info();
    return asked().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  },
  async before(captured) {
    const { stackBefore } = await import('../../runners/stack/snapshot.ts');
    return stackBefore(captured as unknown as StackSnapshot);
  },
};

/** Ids of the releases that images of this project are kept for. */
export async function keptReleases(look: Look, project: string): Promise<string[]> {
  const { keepTag } = await import('../../runners/stack/keep-tag.ts');
  const prefix = keepTag(project, 'x', '').replace(/x:$/, '');
  const images = await (await engineReader(look)).images({ reference: `${prefix}*` });
  const tags = images.flatMap((image) => image.RepoTags ?? []).filter((tag) => tag.startsWith(prefix));
  return [...new Set(tags.map((tag) => tag.slice(tag.lastIndexOf(':') + 1)))].filter(isRelease).sort();
}

/** Other tags of ours are of a run that is under way. */
function isRelease(tag: string): boolean {
  return tag === 'found' || /^r\d+$/.test(tag);
}
