import type { RunContext } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import { isLive } from '../stack/container.ts';
import { decideServices } from '../stack/diff.ts';
import { noteKept } from '../stack/kept.ts';
import { createContainers, type Up } from '../stack/make/create.ts';
import { checkImages, pointNames } from '../stack/make/images.ts';
import { putRight } from '../stack/make/put-right.ts';
import type { MakeReceipt } from '../stack/make/receipts.ts';
import { recordAll } from '../stack/make/record.ts';
import { neverCut } from '../stack/make/retire.ts';
import { checkStillThere } from '../stack/make/start.ts';
import { chosen, type Work, worksOf } from '../stack/make/work.ts';
import type { ObservedContainer } from '../stack/model.ts';
import { observedStack } from '../stack/observed.ts';
import { listed } from '../stack/words.ts';
import { type UpParams, wantedStack } from './up-plan.ts';
import { switchOver } from './up-switch.ts';

export type UpOutputs = {
  changed: boolean;
  created: string[];
  replaced: string[];
  started: string[];
  removed: string[];
  jobs: Record<string, number>;
  irreversible: string[];
  say: string;
};

/** Brings the stack to what the files want: receipts first, then everything new beside the old, then the switch. */
export async function runUp(params: UpParams, context: RunContext<MakeReceipt>): Promise<UpOutputs> {
  const { look } = context;
  const desired = await wantedStack(params, look);
  const observed = await observedStack(look, desired.project);
  const decisions = chosen(decideServices(desired, observed, []), desired, params.services);
  const works = worksOf(decisions, desired, observed);
  const orphans = params.orphans === 'remove' ? observed.orphans : [];
  if (works.length === 0 && orphans.length === 0) return outputsOf([], [], {});
  const docker = await dockerChanger(context);
  const uncut = await dockerChanger(neverCut(context));
  const up: Up = { desired, observed, works, context, docker, uncut };
  checkImages(up);
  await recordAll(up, orphans, context);
  await noteKept([...works.flatMap((work) => work.retire), ...orphans], context);
  await Promise.all(orphans.filter(isLive).map((orphan) => retireOrphan(orphan, up)));
  await pointNames(up, context);
  const made = await putRight(up, await createContainers(up));
  const { jobs } = await switchOver(up, made);
  for (const work of works.filter(({ job }) => !job)) {
    const started = [...(made.get(work.service) ?? []).map(({ id }) => id), ...work.start];
    await checkStillThere(started, work.service, up);
  }
  return outputsOf(works, orphans, jobs);
}

async function retireOrphan(orphan: ObservedContainer, { uncut }: Up): Promise<void> {
  await uncut.restartPolicy(orphan.id, { Name: 'no' });
  await uncut.stop(orphan.id);
}

function outputsOf(works: Up['works'], orphans: readonly ObservedContainer[], jobs: Record<string, number>): UpOutputs {
  const services = (matches: (work: Work) => boolean) => works.filter(matches).map(({ service }) => service);
  const done = {
    created: services(({ decision }) => decision.add > 0),
    replaced: services(({ decision }) => decision.replace.length > 0),
    started: services(({ start }) => start.length > 0),
    removed: [...services(({ decision }) => decision.surplus.length > 0), ...orphans.map(({ name }) => name)],
  };
  const changed = works.length > 0 || orphans.length > 0;
  const irreversible = Object.keys(jobs).map((job) => `the job ${job} ran`);
  return { changed, ...done, jobs, irreversible, say: sayDone(done, jobs) };
}

type Outcome = Pick<UpOutputs, 'created' | 'replaced' | 'started' | 'removed'>;

/** `migrate run; api and web recreated`: a job that ran was neither created nor replaced for its own sake. */
function sayDone({ created, replaced, started, removed }: Outcome, jobs: Record<string, number>): string {
  const services = (names: readonly string[]) => names.filter((name) => !(name in jobs));
  const parts: [string[], string][] = [
    [Object.keys(jobs), 'run'],
    [services(created), 'created'],
    [services(replaced), 'recreated'],
    [services(started), 'started'],
    [removed, 'stopped: too many, or not in the files'],
  ];
  const said = parts.flatMap(([names, word]) => (names.length === 0 ? [] : [`${listed(names)} ${word}`]));
  return said.length === 0 ? 'everything is as wanted' : said.join('; ');
}
