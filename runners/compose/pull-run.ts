import { StepFailure } from '../../src/errors.ts';
import type { Change, Context, Done, Look, RunContext } from '../../src/runner/contract.ts';
import { composeChanger } from '../clients/compose.ts';
import { dockerChanger } from '../clients/docker.ts';
import { desiredStack } from '../stack/desired.ts';
import { dropTag, formerTag } from '../stack/keep-tag.ts';
import { forgetFormerImage, type MovedName, moveName, moveNameBack } from '../stack/moved-name.ts';
import { listed } from '../stack/words.ts';
import { decidePulls, type PullDecision } from './pull-decide.ts';
import { findImages } from './pull-observe.ts';
import { pullProgress } from './pull-progress.ts';

/** An image that was not here before, by its content. */
type Pulled = { did: 'pull'; reference: string };
export type PullReceipt = Pulled | MovedName;
export type PullOutputs = { pulled: string[]; say: string };

/** One change for each image, by the digest that the registry has now. */
export async function planPull(look: Look): Promise<Change[]> {
  return (await decisions(look)).map(({ change }) => change);
}

async function decisions(look: Look): Promise<PullDecision[]> {
  return decidePulls(await findImages(look));
}

type Fetched = { name: string; service: string; reference: string; pinned: boolean };

export async function runPull(context: RunContext<PullReceipt>): Promise<PullOutputs> {
  const { look } = context;
  const [decided, { project }] = await Promise.all([decisions(look), desiredStack(look)]);
  const wanted = decided.flatMap((decision) => (decision.reference === undefined ? [] : [decision]));
  const fetched = await all(wanted.map((decision) => fetchImage(decision, context)));
  const docker = await dockerChanger(context);
  for (const { name, service, reference, pinned } of fetched) {
    if (pinned) continue;
    const image = await docker.image(reference);
    if (!image) throw new StepFailure(`${reference} was pulled, but is not here any more.`, { class: 'not-found' });
    await moveName({ name, to: image.Id, keep: formerTag(project, service, context.run) }, context);
  }
  const pulled = fetched.map(({ name }) => name);
  return { pulled, say: pulled.length === 0 ? 'nothing to pull' : `${listed(pulled)} pulled` };
}

/** All at once: the engine itself limits how many layers it downloads at a time. */
async function fetchImage(
  { finding, reference = '' }: PullDecision,
  context: RunContext<PullReceipt>,
): Promise<Fetched> {
  const [compose, docker] = await Promise.all([composeChanger(context), dockerChanger(context)]);
  const { name, services, platform, pinned } = finding;
  if (!(await docker.image(reference))) {
    await context.record({ did: 'pull', reference });
    const progress = pullProgress(name);
    const onLine = (line: string) => {
      const now = progress(line);
      if (now) context.progress(now);
    };
    await compose.pull(reference, onLine, platform);
    context.log(`Pulled ${reference}`);
  }
  return { name, service: services[0] ?? 'image', reference, pinned };
}

/** Waits for every one, so that nothing goes on after the step has failed. */
async function all<T>(running: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(running);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

export async function undoPull(receipt: PullReceipt, context: Context): Promise<Done> {
  return receipt.did === 'move' ? moveNameBack(receipt, context) : removePulled(receipt, context);
}

export async function settlePull(receipt: PullReceipt, context: Context): Promise<Done> {
  return receipt.did === 'move' ? forgetFormerImage(receipt, context) : undefined;
}

async function removePulled({ reference }: Pulled, context: Context): Promise<Done> {
  const docker = await dockerChanger(context);
  if (!(await docker.image(reference))) return undefined;
  return (await dropTag(docker, reference))
    ? { say: `${reference} is gone again` }
    : { say: `${reference} stays, a container uses it` };
}
