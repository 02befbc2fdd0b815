import type { DockerReader } from '../../runners/clients/docker-types.ts';
import { FAMILIES } from '../../runners/index.ts';
import type { ObservedContainer as Observed } from '../../runners/stack/model.ts';
import type { StackSnapshot } from '../../runners/stack/snapshot.ts';
import type { StackHeader } from '../plan/types.ts';
import type { Look } from '../runner/contract.ts';
import { createRegistry, type Registry } from '../runner/registry.ts';
import type { ServiceNow } from './drift.ts';
import type { StackTools } from './world.ts';

// The only file that sees both the runners and what runs them. Everything behind it is loaded when it is first used:
// `playbook --help` and `check` need no engine.

/** The runners by name; a family is loaded when one of its names is asked for. */
export function openRegistry(): Registry {
  return createRegistry(FAMILIES);
}

/** The engine, for reading. */
export async function engineReader(look: Look): Promise<DockerReader> {
  const { dockerReader } = await import('../../runners/clients/docker.ts');
  return dockerReader(look);
}

export async function composeVersion(look: Look): Promise<string> {
  const { composeReader } = await import('../../runners/clients/compose.ts');
  return (await composeReader(look)).version();
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
  /** Names of the variables that the Compose files ask for. */
  variables(look: Look): Promise<string[]> {
    return look.resources.once('wire.variables', async () => {
      const { composeReader } = await import('../../runners/clients/compose.ts');
      return (await composeReader(look)).variables();
    });
  },
  /** Asks what everybody will ask, so that the answers are there then. */
  async ahead(look: Look): Promise<void> {
    const { renderedStack } = await import('../../runners/stack/rendered.ts');
    const asked = [renderedStack(look), stackReads.variables(look)];
    const docker = await engineReader(look);
    await Promise.all([...asked, docker.version()]);
  },
  async services(look: Look): Promise<ServiceNow[]> {
    const { desiredStack } = await import('../../runners/stack/desired.ts');
    const { observedStack } = await import('../../runners/stack/observed.ts');
    const desired = await desiredStack(look);
    const observed = await observedStack(look, desired.project);
    return desired.order.map((name) => {
      const { image = '', replicas = 1, job = false } = desired.services[name] ?? {};
      const containers = observed.services[name] ?? [];
      return { name, image, wanted: replicas, job, containers: containers.filter((each) => !each.leftover).map(now) };
    });
  },
};

function now({ image_id, hash, state, health, inspect }: Observed): ServiceNow['containers'][number] {
  const since = Date.parse(inspect.State.StartedAt);
  const running = state === 'running';
  return {
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
  async capture(look) {
    const { captureStack } = await import('../../runners/stack/snapshot.ts');
    return captureStack(look);
  },
  async compare(before, look) {
    const { compareStack } = await import('../../runners/stack/compare.ts');
    return compareStack(before as unknown as StackSnapshot, look);
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
