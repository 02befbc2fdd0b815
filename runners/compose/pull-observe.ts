import type { Look } from '../../src/runner/contract.ts';
import type { ComposeService } from '../clients/compose-types.ts';
import { dockerReader } from '../clients/docker.ts';
import type { DockerReader } from '../clients/docker-types.ts';
import { byDigest, isPinned } from '../clients/image-name.ts';
import { desiredStack } from '../stack/desired.ts';
import type { DesiredStack } from '../stack/model.ts';
import { registryAnswer } from '../stack/registry-answer.ts';
import { type ImageFinding, mustAskRegistry } from './pull-decide.ts';

/** Every image name of the stack that is not built from it, with what is here and what its registry has. */
export async function findImages(look: Look): Promise<ImageFinding[]> {
  const [desired, docker] = await Promise.all([desiredStack(look), dockerReader(look)]);
  return Promise.all(wantedImages(desired).map((wanted) => findImage(wanted, docker, look)));
}

type Wanted = Pick<ImageFinding, 'name' | 'services' | 'policy' | 'pinned' | 'platform'>;

/** One entry per name; where services differ in their policy, the one that asks most counts. */
function wantedImages(desired: DesiredStack): Wanted[] {
  const byName = new Map<string, Wanted>();
  for (const { name: service, image, config } of Object.values(desired.services)) {
    const policy = policyOf(config);
    if (policy === 'built') continue;
    const known = byName.get(image);
    const platform = config['platform'];
    byName.set(image, {
      name: image,
      services: [...(known?.services ?? []), service],
      policy: known && rank[known.policy] > rank[policy] ? known.policy : policy,
      pinned: isPinned(image),
      ...(typeof platform === 'string' && { platform }),
    });
  }
  return [...byName.values()];
}

const rank = { never: 0, missing: 1, newer: 2 };

/** Compose's words; `daily`, `weekly` and `every_…` of newer versions ask the registry, as no word does. */
function policyOf({ build, pull_policy: policy }: ComposeService): ImageFinding['policy'] | 'built' {
  if (build !== undefined || policy === 'build') return 'built';
  if (policy === 'never') return 'never';
  return policy === 'missing' || policy === 'if_not_present' ? 'missing' : 'newer';
}

async function findImage(wanted: Wanted, docker: DockerReader, look: Look): Promise<ImageFinding> {
  const inspect = await docker.image(wanted.name);
  const finding: ImageFinding = {
    ...wanted,
    ...(inspect && { here: { id: inspect.Id, digests: inspect.RepoDigests ?? [] } }),
  };
  if (!mustAskRegistry(finding)) return finding;
  const registry = await registryAnswer(wanted.name, docker, look);
  if ('failure' in registry) return { ...finding, registry };
  const incoming = await docker.image(byDigest(wanted.name, registry.digest));
  return { ...finding, registry, ...(incoming && { incoming: { id: incoming.Id } }) };
}
