import { StepFailure } from '../../src/errors.ts';
import type { Context } from '../../src/runner/contract.ts';
import type { DockerChanger } from '../clients/docker-types.ts';
import { containerOf, isLive, shortId } from './container.ts';
import { keepEvidence } from './evidence.ts';
import type { ObservedContainer } from './model.ts';
import { projectContainers } from './observed.ts';
import { type GroupReceipt, inspectOf } from './receipt.ts';

export type Hands = { docker: DockerChanger; context: Context };

/**
 * Takes away what a receipt does not know, whoever made it; gives the names of its services. Looks again afterwards: a
 * create that was cut off may still have been going on.
 */
export async function removeNewer(receipt: GroupReceipt, hands: Hands): Promise<string[]> {
  const before = new Set(receipt.before.map(({ id }) => id));
  const removed = new Set<string>();
  for (let look = 0; look < 3; look += 1) {
    const now = await projectContainers(hands.docker, receipt.project);
    const newer = now.filter(({ id, service }) => receipt.services.includes(service) && !before.has(id));
    if (newer.length === 0) break;
    for (const { service } of newer) removed.add(service);
    await removeAll(newer, receipt, hands);
  }
  return [...removed];
}

/** Dependents first; evidence is kept before anything goes. */
async function removeAll(newer: readonly ObservedContainer[], receipt: GroupReceipt, hands: Hands): Promise<void> {
  for (const service of receipt.services.toReversed()) {
    await Promise.all(
      newer.filter((container) => container.service === service).map((container) => stopNewer(container, hands)),
    );
  }
  const known = new Set([...receipt.volumes, ...receipt.before.flatMap((kept) => volumesOf(inspectOf(kept)))]);
  for (const container of newer) await removeOne(container, known, hands);
}

async function stopNewer(container: ObservedContainer, { docker, context }: Hands): Promise<void> {
  if (container.state === 'created') return;
  await keepEvidence(context, container.id).catch((error: unknown) => {
    context.log(`No evidence of ${container.name} could be kept: ${sentence(error)}`);
  });
  if (isLive(container)) await docker.stop(container.id);
}

/** Its unnamed volumes go with it where this run made them; what was there before stays, whoever mounts it now. */
async function removeOne(container: ObservedContainer, known: ReadonlySet<string>, hands: Hands): Promise<void> {
  const { docker, context } = hands;
  const volumes = container.anonymous_volumes.map(({ name }) => name);
  const fresh = volumes.filter((name) => !known.has(name));
  await removeStopped(container.id, { anonymousVolumes: fresh.length === volumes.length }, docker);
  if (fresh.length === volumes.length) return;
  for (const volume of fresh) {
    await docker.removeVolume(volume).catch((error: unknown) => {
      context.log(`The volume ${shortId(volume)} stays: ${sentence(error)}`);
    });
  }
}

/** A start that was cut off may have come through after the last look. */
async function removeStopped(id: string, options: { anonymousVolumes: boolean }, docker: DockerChanger): Promise<void> {
  try {
    await docker.remove(id, options);
  } catch (error) {
    if (!(error instanceof StepFailure) || error.class !== 'conflict') throw error;
    await docker.stop(id);
    await docker.remove(id, options);
  }
}

function volumesOf(inspect: Parameters<typeof containerOf>[0]): string[] {
  return (containerOf(inspect)?.anonymous_volumes ?? []).map(({ name }) => name);
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
