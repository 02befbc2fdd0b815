import { Refusal } from '../../src/errors.ts';
import type { Change, Look } from '../../src/runner/contract.ts';
import type { ComposeService } from '../clients/compose-types.ts';
import { isLive, shortId } from '../stack/container.ts';
import { desiredStack, withStillJobs } from '../stack/desired.ts';
import { decideServices } from '../stack/diff.ts';
import { doneBefore } from '../stack/done-before.ts';
import { ownContainer } from '../stack/make/own-container.ts';
import { refusal } from '../stack/make/refusals.ts';
import { chosen, type Work, worksOf } from '../stack/make/work.ts';
import type { DesiredStack, ObservedContainer, ObservedStack, ServiceDecision } from '../stack/model.ts';
import { observedStack } from '../stack/observed.ts';

export type UpParams = { services?: string[]; orphans: 'keep' | 'remove'; jobs: 'run' | 'keep' };

/** What `compose.up` would do, and why; throws where it must not be done. */
export async function planUp(params: UpParams, look: Look, earlier: readonly Change[]): Promise<Change[]> {
  const desired = await wantedStack(params, look);
  checkServices(params, desired);
  const observed = await observedStack(look, desired.project);
  const decisions = chosen(decideServices(desired, observed, earlier, doneBefore(earlier)), desired, params.services);
  const works = worksOf(decisions, desired, observed);
  const refused = refusal({ desired, observed, works, own: await ownContainer(), orphans: params.orphans });
  if (refused) throw new Refusal('no-go', refused.message, { hint: refused.hint });
  const gaps = await Promise.all(works.map((work) => look.measured(`gap:${work.service}`)));
  const measured = new Map(works.map((work, index) => [work.service, gaps[index]?.[0]]));
  return [
    ...newThings(desired, observed, works),
    ...decisions.map((decision) => {
      const work = works.find(({ service }) => service === decision.service);
      return change(decision, work, { desired, observed, gap: measured.get(decision.service) });
    }),
    ...observed.orphans
      .map((orphan) => orphanChange(orphan, params.orphans, look))
      // An earlier step has taken it away by then.
      .filter(({ target }) => !earlier.some((change) => change.target === target && change.verb === 'remove')),
  ];
}

/** What the files want, with jobs that are run or only put back. */
export async function wantedStack({ jobs }: Pick<UpParams, 'jobs'>, look: Look): Promise<DesiredStack> {
  const desired = await desiredStack(look);
  return jobs === 'keep' ? withStillJobs(desired) : desired;
}

function checkServices({ services }: UpParams, desired: DesiredStack): void {
  const unknown = (services ?? []).find((service) => !(service in desired.services));
  if (unknown === undefined) return;
  const inactive = desired.known.includes(unknown) ? ' Its profile is not active.' : '';
  throw new Refusal('no-go', `There is no service ${unknown} in the Compose files.${inactive}`, {
    hint: `Services: ${desired.order.join(', ')}.`,
  });
}

type Known = { desired: DesiredStack; observed: ObservedStack; gap: number | undefined };

function change(decision: ServiceDecision, work: Work | undefined, known: Known): Change {
  const { service, verb } = decision;
  const cleared = decision.leftovers.length > 0 ? [`${leftoverNames(decision, known.observed)} is cleared away`] : [];
  const downtime = work && downtimeOf(work, known);
  return {
    verb: verb === 'keep' && cleared.length > 0 ? 'remove' : verb,
    target: service,
    because: [...decision.because, ...cleared, ...(decision.note === undefined ? [] : [decision.note])],
    ...(decision.diff.length > 0 && { diff: decision.diff }),
    certainty: decision.certainty,
    ...(downtime && { downtime }),
    binds: bindsOf(decision, known),
  };
}

/** F07: what a broken recreate left is named. */
function leftoverNames(decision: ServiceDecision, observed: ObservedStack): string {
  const left = (observed.services[decision.service] ?? []).filter(({ id }) => decision.leftovers.includes(id));
  return `the leftover ${left.map(({ name }) => name).join(', ')}`;
}

function bindsOf(decision: ServiceDecision, { desired, observed }: Known): Record<string, string> {
  const hash = desired.services[decision.service]?.hash;
  const containers = (observed.services[decision.service] ?? []).map(({ id }) => id);
  return {
    ...(hash !== undefined && { hash }),
    ...(decision.image_id !== undefined && { image: decision.image_id }),
    ...(decision.changed_before === undefined && { containers: containers.join(' ') }),
  };
}

/** A service that serves and is stopped before its successor starts is away meanwhile; who serves nobody is not missed. */
function downtimeOf(work: Work, { desired, gap }: Known): Change['downtime'] {
  const stops = work.retire.some(isLive);
  if (!stops || work.job) return undefined;
  if (work.decision.keep.length > 0) return { kind: 'none', because: 'others of it go on' };
  const because =
    noOverlap(desired.services[work.service]?.config ?? {}) ?? 'the old one stops before the new one starts';
  return { kind: 'gap', because, ...(gap !== undefined && { ms: gap }) };
}

/** F14: why two of it cannot run at the same time. */
function noOverlap(config: ComposeService): string | undefined {
  if ((config.ports ?? []).some(({ published }) => published)) return 'it publishes its port itself';
  if (config.container_name !== undefined) return 'its container_name can be had only once';
  if (config.network_mode !== undefined) return `it uses network_mode ${config.network_mode}`;
  return undefined;
}

/** Compose makes what the active services use; what stands in the files for others, or for nobody, it leaves alone. */
function newThings(desired: DesiredStack, observed: ObservedStack, works: readonly Work[]): Change[] {
  if (works.every((work) => work.make === 0)) return [];
  const used = { networks: new Set<string>(), volumes: new Set<string>() };
  for (const { networks, volumes = [] } of Object.values(desired.model.services)) {
    for (const key of Object.keys(networks ?? {})) used.networks.add(key);
    for (const { type, source } of volumes) if (type === 'volume' && source) used.volumes.add(source);
  }
  return (['networks', 'volumes'] as const).flatMap((kind) =>
    Object.entries(desired.model[kind] ?? {}).flatMap(([key, definition]): Change[] => {
      if (!used[kind].has(key)) return [];
      const name = definition?.name ?? key;
      const there = definition?.external || observed[kind].some((one) => one.Name === name);
      const target = `${kind.slice(0, -1)} ${name}`;
      return there ? [] : [{ verb: 'create', target, because: ['it is not there yet'], certainty: 'certain' }];
    }),
  );
}

function orphanChange(orphan: ObservedContainer, orphans: UpParams['orphans'], { release }: Look): Change {
  const because = [release ? `${release.id} does not have it` : `no service of the files is called ${orphan.service}`];
  const binds = { container: orphan.id, image: shortId(orphan.image_id) };
  const verb = orphans === 'remove' ? 'remove' : 'keep';
  return { verb, target: `orphan ${orphan.name}`, because, certainty: 'certain', binds };
}
