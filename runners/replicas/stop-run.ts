import { Refusal } from '../../src/errors.ts';
import type { Change, Context, Done, Look, RunContext } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import { untilHealthy } from '../stack/condition.ts';
import { isLive } from '../stack/container.ts';
import { desiredStack } from '../stack/desired.ts';
import { noteKept } from '../stack/kept.ts';
import { ownContainer } from '../stack/make/own-container.ts';
import type { MakeReceipt } from '../stack/make/receipts.ts';
import { recordAll } from '../stack/make/record.ts';
import { neverCut, retireContainer } from '../stack/make/retire.ts';
import { undoMade } from '../stack/make/take-back.ts';
import type { Work } from '../stack/make/work.ts';
import type { DesiredStack, ObservedContainer, ObservedStack } from '../stack/model.ts';
import { observedStack } from '../stack/observed.ts';
import { inspectOf, type KeptContainer } from '../stack/receipt.ts';
import { counted } from '../stack/words.ts';
import { containersOf } from './find.ts';
import { isPlaceholder } from './placeholder.ts';
import { KEPT } from './say.ts';

export type StopParams = { service: string; containers: string[] };
export type StopOutputs = { stopped: string[]; say: string };

export async function planStop(params: StopParams, look: Look, earlier: readonly Change[]): Promise<Change[]> {
  const { service, containers } = params;
  const { live } = await lookAt(params, look);
  const own = await ownContainer();
  const self = live.find(({ id }) => id === own);
  if (self) {
    throw new Refusal('no-go', `${self.name} is the container this program runs in: it would stop itself.`, {
      hint: 'Run it on the host, or in a container of another stack.',
    });
  }
  const replacing = replacingChange(service, live, earlier);
  const coming = containers.filter(isPlaceholder).length;
  if (replacing?.binds?.['order'] === 'stop-first' || live.length + coming === 0) return [];
  const many = live.length + coming > 1;
  return [
    {
      verb: 'stop',
      target: service,
      because: [`${counted(live.length + coming, 'container')} of it ${many ? 'are' : 'is'} let go`],
      certainty: replacing?.certainty ?? 'certain',
      downtime: { kind: 'none', because: 'others of it serve' },
      kept: KEPT,
      ...(live.length > 0 && { binds: { containers: live.map(({ id }) => id).join(' ') } }),
    },
  ];
}

/** The planned start that replaces them: with stop-first it has stopped them by then. */
function replacingChange(
  service: string,
  live: readonly ObservedContainer[],
  earlier: readonly Change[],
): Change | undefined {
  return earlier.findLast(({ target, binds }) => {
    const replaced = binds?.['replaces']?.split(' ') ?? [];
    return target === service && live.length > 0 && live.every(({ id }) => replaced.includes(id));
  });
}

/** Stops containers by ID, with the grace period of the files, and keeps them for the way back. */
export async function runStop(params: StopParams, context: RunContext<MakeReceipt>): Promise<StopOutputs> {
  const { desired, observed, all, live } = await lookAt(params, context.look);
  // Before the first stands still, and also those that an attempt that was cut has stopped: they are no surplus.
  await noteKept(all, context);
  if (live.length === 0) return { stopped: [], say: 'they stand still already' };
  const [docker, uncut] = await Promise.all([dockerChanger(context), dockerChanger(neverCut(context))]);
  const works = [workOf(params.service, live)];
  await recordAll({ desired, observed, works, context, docker, uncut }, [], context);
  context.signal.throwIfAborted();
  await Promise.all(live.map((container) => retireContainer(container, { desired, uncut })));
  const stopped = live.map(({ id }) => id);
  return { stopped, say: `${counted(stopped.length, 'old container')} of ${params.service} stopped` };
}

function workOf(service: string, retire: ObservedContainer[]): Work {
  const nothing = { keep: [], start: [], replace: [], leftovers: [], outdated: [], add: 0, diff: [], because: [] };
  const surplus = retire.map(({ id }) => id);
  return {
    service,
    job: false,
    decision: { ...nothing, service, verb: 'scale', surplus, certainty: 'certain' },
    retire,
    start: [],
    make: 0,
  };
}

type Looked = {
  desired: DesiredStack;
  observed: ObservedStack;
  all: ObservedContainer[];
  live: ObservedContainer[];
};

async function lookAt({ service, containers }: StopParams, look: Look): Promise<Looked> {
  const desired = await desiredStack(look);
  const observed = await observedStack(look, desired.project);
  const all = containersOf(service, containers, { desired, observed });
  return { desired, observed, all, live: all.filter(isLive) };
}

/** Starts them again, and waits until they serve: only then may the ones that replaced them go. */
export async function undoStop(receipt: MakeReceipt, context: Context): Promise<Done> {
  const done = await undoMade(receipt, context);
  if (receipt.kind !== 'services') return done;
  const docker = await dockerChanger(context);
  const waited = receipt.before.filter((kept) => receipt.retire.includes(kept.id) && wasHealthy(kept));
  const waiting = { docker, context, signal: context.signal };
  await Promise.all(
    waited.map(({ id, service }) =>
      untilHealthy(id, service, waiting).catch((error: unknown) => {
        context.signal.throwIfAborted();
        context.log(`${service} is back, but not healthy: ${error instanceof Error ? error.message : String(error)}`);
      }),
    ),
  );
  return done;
}

function wasHealthy(kept: KeptContainer): boolean {
  return inspectOf(kept).State.Health?.Status === 'healthy';
}
