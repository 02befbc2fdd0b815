import { StepFailure } from '../../../src/errors.ts';
import type { Context, Done } from '../../../src/runner/contract.ts';
import { dockerChanger } from '../../clients/docker.ts';
import { containerOf, isAnonymous, isLive, shortId } from '../container.ts';
import { restoreServices } from '../restore.ts';
import { listed } from '../words.ts';
import type { MakeReceipt, NetworksReceipt, TagReceipt } from './receipts.ts';

/** Takes one change back; tolerates that it never happened, and being cut and called again. */
export async function undoMade(receipt: MakeReceipt, context: Context): Promise<Done> {
  if (receipt.kind === 'tag') return undoTag(receipt, context);
  if (receipt.kind === 'networks') return undoNetworks(receipt, context);
  const said = await restoreServices(receipt, context);
  return said.length > 0 ? { say: said.join('; ') } : undefined;
}

/** Removes the old containers that were kept for the way back; their volumes stay, others may use them by now. */
export async function settleMade(receipt: MakeReceipt, context: Context): Promise<Done> {
  if (receipt.kind !== 'services' || receipt.retire.length === 0) return undefined;
  const docker = await dockerChanger(context);
  const removed: string[] = [];
  for (const id of receipt.retire) {
    const inspect = await docker.container(id);
    const container = inspect && containerOf(inspect);
    if (!container) continue;
    if (isLive(container)) throw runsAgain(container.name);
    await docker.remove(id, { anonymousVolumes: false });
    removed.push(container.service);
  }
  return removed.length > 0 ? { say: `what was replaced of ${listed([...new Set(removed)])} is removed` } : undefined;
}

function runsAgain(name: string): StepFailure {
  return new StepFailure(`${name} was stopped and kept for the way back, but somebody has started it again.`, {
    class: 'conflict',
    hint: `Remove it when nothing needs it: docker rm -f ${name}`,
  });
}

async function undoTag({ name, from, to }: TagReceipt, context: Context): Promise<Done> {
  const docker = await dockerChanger(context);
  const now = (await docker.image(name))?.Id;
  if (now !== to || from === to) return undefined;
  if (from === null) await docker.untag(name);
  else await docker.tag(from, name);
  return { say: from === null ? `the name ${name} is taken off again` : `${name} is ${shortId(from)} again` };
}

/** Networks that came with the run go with it; named volumes stay, for they may hold data by now. */
async function undoNetworks(receipt: NetworksReceipt, context: Context): Promise<Done> {
  const docker = await dockerChanger(context);
  const newer = (await docker.networks(receipt.project)).filter(({ Name }) => !receipt.before.includes(Name));
  for (const network of newer) await docker.removeNetwork(network.Id);
  const volumes = (await docker.volumes(receipt.project)).filter(
    ({ Name }) => !isAnonymous(Name) && !receipt.volumes.includes(Name),
  );
  const said = [
    ...newer.map(({ Name }) => `network ${Name} is removed`),
    ...volumes.map(({ Name }) => `volume ${Name} stays, it may hold data`),
  ];
  return said.length > 0 ? { say: said.join('; ') } : undefined;
}
