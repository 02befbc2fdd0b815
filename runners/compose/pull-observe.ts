import type { Look } from '../../src/runner/contract.ts';
import { atMost } from '../clients/at-most.ts';
import type { ComposeService } from '../clients/compose-types.ts';
import { dockerReader } from '../clients/docker.ts';
import type { DockerReader } from '../clients/docker-types.ts';
import { byDigest, digestOf, isPinned } from '../clients/image-name.ts';
import { type RemoteImage, remoteImage } from '../clients/registry-image.ts';
import { desiredStack } from '../stack/desired.ts';
import type { DesiredStack } from '../stack/model.ts';
import { registryAnswer } from '../stack/registry-answer.ts';
import { type ImageFinding, mustAskRegistry } from './pull-decide.ts';

/** Every image name of the stack that is not built from it, with what is here and what its registry has. */
export async function findImages(look: Look): Promise<ImageFinding[]> {
  const [desired, docker] = await Promise.all([desiredStack(look), dockerReader(look)]);
  const found = await Promise.all(wantedImages(desired).map((wanted) => findImage(wanted, docker, look)));
  return atMost(AT_ONCE, found, (finding) => withRemote(finding, docker, look));
}

/** Questions about sizes start two programs each. */
const AT_ONCE = 3;

/** With what its registry tells of an image that would be pulled from there: what is here already is not. */
async function withRemote(finding: ImageFinding, docker: DockerReader, look: Look): Promise<ImageFinding> {
  const { registry, incoming, here } = finding;
  if (!registry || 'failure' in registry || incoming) return finding;
  if (here?.digests.map(digestOf).includes(registry.digest)) return finding;
  return { ...finding, remote: await remoteOf(finding, registry.digest, docker, look) };
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
    ...(inspect && { here: { id: inspect.Id, digests: inspect.RepoDigests ?? [], created: inspect.Created } }),
  };
  if (!mustAskRegistry(finding)) return finding;
  const registry = await registryAnswer(wanted.name, docker, look);
  if ('failure' in registry) return { ...finding, registry };
  const { digest } = registry;
  const incoming = await docker.image(byDigest(wanted.name, digest));
  if (incoming) return { ...finding, registry, incoming: { id: incoming.Id, created: incoming.Created } };
  return { ...finding, registry };
}

/** Once per process: what a digest means does not change. What is here already, under whatever name, is not loaded. */
async function remoteOf(wanted: Wanted, digest: string, docker: DockerReader, look: Look): Promise<RemoteImage> {
  const known = look.resources.once('remote images', () => new Map<string, Promise<RemoteImage>>());
  const platform = wanted.platform ?? (await docker.version()).platform;
  const key = `${byDigest(wanted.name, digest)} ${platform}`;
  const asked = known.get(key) ?? remoteImage({ name: wanted.name, digest, platform }, look);
  known.set(key, asked);
  // Stopped with its step, it is asked again by the next one.
  asked.catch(() => known.delete(key));
  return asked;
}
