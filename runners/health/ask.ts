import type { StackBefore } from '../../src/runner/contract.ts';
import type { DesiredStack } from '../stack/model.ts';
import type { Asked } from './select.ts';

export type Question = {
  /** Left out: every service. */
  services?: readonly string[];
  stable_for: number;
  /** Whether the run has changed anything: if not, nothing has to prove itself anew. */
  changed: boolean;
  before?: StackBefore;
};

/** A container without a healthcheck that was put back is looked at this long: it ran before, with the same configuration. */
const putBackFor = 2_000;

/** What to ask of which service. After an undo: no more than was so before the run. Pure. */
export function askedServices(desired: Pick<DesiredStack, 'services'>, question: Question): Asked[] {
  const { before, services } = question;
  const asked = before ? askedAgain(desired, before, question) : askedNow(desired, question);
  return asked.filter((one) => services === undefined || services.includes(one.service));
}

/** What to ask of containers by their IDs, whatever else their services have. Pure. */
export function askedContainers(
  containers: readonly { id: string; service: string }[],
  { stable_for, changed }: Pick<Question, 'stable_for' | 'changed'>,
): Asked[] {
  const groups = Map.groupBy(containers, ({ service }) => service);
  return [...groups].map(([service, members]) => ({
    service,
    job: false,
    replicas: members.length,
    want: 'healthy',
    stable_for: changed ? stable_for : 0,
    ids: members.map(({ id }) => id),
  }));
}

function askedNow(desired: Pick<DesiredStack, 'services'>, { stable_for, changed }: Question): Asked[] {
  return Object.values(desired.services)
    .filter((service) => service.replicas > 0 && !service.still)
    .map((service) => ({
      service: service.name,
      job: service.job,
      replicas: service.replicas,
      hash: service.hash,
      want: 'healthy',
      stable_for: changed ? stable_for : 0,
    }));
}

function askedAgain(desired: Pick<DesiredStack, 'services'>, before: StackBefore, { stable_for }: Question): Asked[] {
  return Object.entries(before.services)
    .filter(([, was]) => was.running)
    .map(([service, was]) => ({
      service,
      job: desired.services[service]?.job ?? false,
      replicas: 1,
      want: was.healthy ? 'healthy' : 'running',
      stable_for: 0,
      blind_for: Math.min(stable_for, putBackFor),
    }));
}
