import { Refusal } from '../../src/errors.ts';
import type { Change, Look } from '../../src/runner/contract.ts';
import { isLive } from '../stack/container.ts';
import { desiredStack } from '../stack/desired.ts';
import { decideServices } from '../stack/diff.ts';
import { doneBefore } from '../stack/done-before.ts';
import { ownContainer } from '../stack/make/own-container.ts';
import { refusal } from '../stack/make/refusals.ts';
import type { Work } from '../stack/make/work.ts';
import type { DesiredStack, ObservedContainer, ObservedStack, ServiceDecision } from '../stack/model.ts';
import { observedStack } from '../stack/observed.ts';
import { counted } from '../stack/words.ts';
import { portOf } from './addresses.ts';
import { overlapBlocker } from './blockers.ts';
import type { Order } from './compose-policy.ts';
import { containersOf } from './find.ts';
import { newAddress, newName } from './placeholder.ts';
import { KEPT } from './say.ts';

export type StartParams = { service: string; replace: string[]; order: Order };
export type StartOutputs = { containers: string[]; names: string[]; addresses: string[]; say: string };

/** What a start is about, looked at now. */
export type Starting = {
  desired: DesiredStack;
  observed: ObservedStack;
  decision: ServiceDecision;
  old: ObservedContainer[];
};

/** Reads what there is; throws where the parameters name what is not there. */
export async function startingPoint(
  { service, replace }: StartParams,
  look: Look,
  earlier: readonly Change[] = [],
): Promise<Starting> {
  const desired = await desiredStack(look);
  const observed = await observedStack(look, desired.project);
  const old = containersOf(service, replace, { desired, observed });
  const decisions = decideServices(desired, observed, earlier, doneBefore(earlier));
  const decision = decisions.find((one) => one.service === service);
  if (!decision) throw new Error(`nothing is decided of ${service}`);
  return { desired, observed, decision, old };
}

/** The share of one step: these containers are replaced, whatever else is to be done to the service. */
export function workOf({ desired, decision, old }: Starting, make: number): Work {
  return {
    service: decision.service,
    job: desired.services[decision.service]?.job ?? false,
    decision: { ...decision, verb: 'recreate', replace: old.map(({ id }) => id), start: [], surplus: [], add: 0 },
    retire: old,
    start: [],
    make,
  };
}

export async function planStart(params: StartParams, look: Look, earlier: readonly Change[]): Promise<Change[]> {
  const starting = await startingPoint(params, look, earlier);
  const { desired, observed, decision, old } = starting;
  if (old.length === 0) return [];
  refuseOverlap(params, desired);
  const works = [workOf(starting, old.length)];
  const refused = refusal({ desired, observed, works, own: await ownContainer(), orphans: 'keep' });
  if (refused) throw new Refusal('no-go', refused.message, { hint: refused.hint });
  const asked = decision.because.length > 0 ? decision.because : ['the playbook asks for it'];
  const hash = desired.services[params.service]?.hash;
  return [
    {
      verb: 'recreate',
      target: params.service,
      because: asked,
      ...(decision.diff.length > 0 && { diff: decision.diff }),
      certainty: decision.certainty,
      downtime: await downtimeOf(params, starting, { look, earlier }),
      // With start-first it is the step that stops them which keeps them.
      ...(params.order === 'stop-first' && { kept: KEPT }),
      binds: {
        ...(hash !== undefined && { hash }),
        ...(decision.image_id !== undefined && { image: decision.image_id }),
        order: params.order,
        replaces: old.map(({ id }) => id).join(' '),
      },
    },
  ];
}

/** F32: asked for or not, two of these must never run at the same time. */
function refuseOverlap({ service, order }: StartParams, { services }: DesiredStack): void {
  const wanted = services[service];
  const blocker = wanted && order === 'start-first' ? overlapBlocker({ service: wanted }) : undefined;
  if (blocker === undefined) return;
  throw new Refusal('no-go', `${service} cannot start first: ${blocker}.`, { hint: 'Say `order: stop-first`.' });
}

type Knowing = { look: Look; earlier: readonly Change[] };

async function downtimeOf(
  { service, order }: StartParams,
  { observed, old }: Starting,
  { look, earlier }: Knowing,
): Promise<NonNullable<Change['downtime']>> {
  if (order === 'start-first') return { kind: 'none', because: 'the new one is there before the old one stops' };
  const ids = new Set(old.map(({ id }) => id));
  const others = (observed.services[service] ?? []).filter((container) => isLive(container) && !ids.has(container.id));
  if (others.length > 0) return { kind: 'none', because: `${counted(others.length, 'other')} of it serve meanwhile` };
  const [last] = await look.measured(`gap:${service}`);
  const because = reasonOf(earlier, service) ?? 'the old one stops before the new one starts';
  return { kind: 'gap', because, ...(last !== undefined && { ms: last }) };
}

/** What the strategy of this plan says of the service: `stop-first: it publishes port 80 itself`. */
function reasonOf(earlier: readonly Change[], service: string): string | undefined {
  const [said] = earlier.findLast(({ target }) => target === `strategy of ${service}`)?.because ?? [];
  return said?.replace(/^[^:]*: /, '');
}

/** What a start will give; numbers go on from those of earlier batches. */
export async function foreseeStart(params: StartParams, look: Look, earlier: readonly Change[]): Promise<StartOutputs> {
  const { service, replace } = params;
  const { desired, observed, decision } = await startingPoint(params, look, earlier);
  const known = doneBefore(earlier)(service);
  const first = (known instanceof Set ? known.size : 0) + 1;
  const numbers = replace.map((_, index) => first + index);
  const wanted = desired.services[service];
  const image = observed.images[decision.image_id ?? wanted?.image ?? ''];
  const port = wanted && portOf(wanted, image);
  return {
    containers: numbers.map((number) => newName(service, number)),
    names: numbers.map((number) => newName(service, number)),
    addresses: port === undefined ? [] : numbers.map((number) => newAddress(service, number, port)),
    say: `${counted(replace.length, 'container')} of ${service}`,
  };
}
