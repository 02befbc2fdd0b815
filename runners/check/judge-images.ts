import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Judgement, Look } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import type { DockerReader } from '../clients/docker-types.ts';
import { isPinned } from '../clients/image-name.ts';
import { whereItIs } from '../clients/shadow.ts';
import { desiredStack } from '../stack/desired.ts';
import type { DesiredService } from '../stack/model.ts';
import { registryAnswer } from '../stack/registry-answer.ts';
import { decideImages, type ImageFacts } from './decide-images.ts';

/** Asks the engine for every image, and the registries for those that it lacks. */
export async function judge(look: Look): Promise<Judgement> {
  const [docker, desired] = await Promise.all([dockerReader(look), desiredStack(look)]);
  const services = Object.values(desired.services).filter((service) => service.replicas > 0);
  const byImage = Map.groupBy(services, (service) => service.image);
  const facts = [...byImage].map(([image, users]) => imageFacts(image, users, { docker, look }));
  return decideImages(await Promise.all(facts));
}

async function imageFacts(
  image: string,
  users: readonly DesiredService[],
  { docker, look }: { docker: DockerReader; look: Look },
): Promise<ImageFacts> {
  const found = await docker.image(image);
  const built = users.find((service) => service.config.build);
  const policy = users.map((service) => service.config.pull_policy).find((one) => one !== undefined) ?? 'newer';
  const facts = { image, services: users.map((service) => service.name), here: found !== undefined, policy };
  if (built?.config.build) return { ...facts, build: { fault: await buildFault(built.config.build, look) } };
  if (policy === 'never' || (found && !isAskedFor(image, policy, found.RepoDigests ?? []))) return facts;
  return { ...facts, registry: await registryFacts(image, docker, look) };
}

/** What is here without a digest was made or loaded here: no registry has to know it. `compose.pull` asks for the same ones. */
function isAskedFor(image: string, policy: string, digests: readonly string[]): boolean {
  return policy !== 'missing' && policy !== 'if_not_present' && digests.length > 0 && !isPinned(image);
}

async function registryFacts(image: string, docker: DockerReader, look: Look): Promise<ImageFacts['registry']> {
  const answer = await registryAnswer(image, docker, look);
  if ('digest' in answer) return 'has it';
  const { class: kind, message, hint } = answer.failure;
  return { class: kind, message, ...(hint !== undefined && { hint }) };
}

/** What a build lacks, as far as one can see without building; null where nothing is amiss. */
async function buildFault(build: NonNullable<DesiredService['config']['build']>, look: Look): Promise<string | null> {
  const { context, dockerfile, dockerfile_inline } = build;
  if (typeof context !== 'string' || /^[a-z+]+:\/\/|^git@|^github\.com\//.test(context)) return null;
  const folder = resolve(look.target.directory, context);
  if (!(await exists(whereItIs(look, folder)))) return `there is no folder ${folder}`;
  if (typeof dockerfile_inline === 'string') return null;
  const file = resolve(folder, typeof dockerfile === 'string' ? dockerfile : 'Dockerfile');
  return (await exists(whereItIs(look, file))) ? null : `there is no file ${file}`;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
