import type { Json, RunContext } from '../../../src/runner/contract.ts';
import type { ComposeModel } from '../../clients/compose-types.ts';
import type { NetworkInspect } from '../../clients/docker-types.ts';
import { isAnonymous } from '../container.ts';
import type { ObservedContainer } from '../model.ts';
import { type GroupReceipt, keptContainer } from '../receipt.ts';
import type { Up } from './create.ts';
import type { MakeReceipt } from './receipts.ts';
import { groupsOf } from './work.ts';

/** Writes down, whole, every container that may be touched, before the first is (DESIGN §6.3): one receipt per group, which it gives back. */
export async function recordAll(
  up: Up,
  orphans: readonly ObservedContainer[],
  context: RunContext<MakeReceipt>,
): Promise<GroupReceipt[]> {
  const { desired, observed, works, docker } = up;
  const { project } = desired;
  const [networks, volumes] = await Promise.all([docker.networks(project), docker.volumes()]);
  const anonymous = volumes.flatMap(({ Name }) => (isAnonymous(Name) ? [Name] : []));
  if (works.some((work) => work.make > 0) && bringsNewThings(up)) {
    const named = volumes.flatMap(({ Name }) => (isAnonymous(Name) ? [] : [Name]));
    await context.record({ kind: 'networks', project, before: networks.map(({ Name }) => Name), volumes: named });
  }
  if (orphans.length > 0) {
    const services = [...new Set(orphans.map(({ service }) => service))];
    await context.record(
      group({ project, services, containers: orphans, retire: orphans, networks, volumes: anonymous }),
    );
  }
  const recorded: GroupReceipt[] = [];
  for (const services of groupsOf(works, desired)) {
    const members = works.filter(({ service }) => services.includes(service));
    const leftovers = new Set(members.flatMap(({ decision }) => decision.leftovers));
    const containers = services
      .flatMap((service) => observed.services[service] ?? [])
      .filter(({ id }) => !leftovers.has(id));
    const retire = members.flatMap((work) => work.retire);
    const receipt = group({ project, services, containers, retire, networks, volumes: anonymous });
    await context.record(receipt);
    recorded.push(receipt);
  }
  return recorded;
}

/** Whether Compose will make a network or a volume besides the containers. */
function bringsNewThings({ desired, observed }: Up): boolean {
  const missing = (defined: ComposeModel['networks'], there: readonly { Name: string }[]) =>
    Object.entries(defined ?? {}).some(([key, one]) => !there.some(({ Name }) => Name === (one?.name ?? key)));
  return missing(desired.model.networks, observed.networks) || missing(desired.model.volumes, observed.volumes);
}

type GroupParts = {
  project: string;
  services: string[];
  containers: readonly ObservedContainer[];
  retire: readonly ObservedContainer[];
  networks: NetworkInspect[];
  volumes: string[];
};

function group({ project, services, containers, retire, networks, volumes }: GroupParts): GroupReceipt {
  return {
    kind: 'services',
    project,
    services,
    before: containers.map(keptContainer),
    retire: retire.map(({ id }) => id),
    networks: networks as unknown as Json[],
    volumes,
  };
}
