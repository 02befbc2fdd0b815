import type { Certainty, Change, Difference } from '../../src/runner/contract.ts';
import { assign } from './assign.ts';
import { countingOf, isLive } from './container.ts';
import { sharedBy } from './desired.ts';
import { differences } from './differences.ts';
import { sayImage } from './image-words.ts';
import type { DesiredService, DesiredStack, ObservedContainer, ObservedStack, ServiceDecision } from './model.ts';
import { lendersOf, sharedService } from './order.ts';

/** The image that new containers will run, as far as it is known before the steps that bring it. */
type WantedImage = { id?: string; certainty: Certainty };

/** What steps before this one do to a service: `all` of it, or only these containers are replaced. */
export type DoneBefore = (service: string) => 'all' | ReadonlySet<string> | undefined;

/**
 * What has to happen to each service, and why, in the order of dependency. The hash, the image's ID, the contents of
 * configs and secrets and the scale decide; the comparison with the inspect only tells the reasons.
 */
export function decideServices(
  desired: DesiredStack,
  observed: ObservedStack,
  earlier: readonly Change[],
  doneBefore: DoneBefore = () => undefined,
): ServiceDecision[] {
  const decided: ServiceDecision[] = [];
  for (const name of desired.order) {
    const service = desired.services[name];
    if (!service) continue;
    const image = wantedImage(service, observed, earlier);
    decided.push(decideService({ service, desired, observed, decided, image, done: doneBefore(name) }));
  }
  return decided;
}

type Question = {
  service: DesiredService;
  desired: DesiredStack;
  observed: ObservedStack;
  decided: readonly ServiceDecision[];
  image: WantedImage;
  done: ReturnType<DoneBefore>;
};

function decideService(question: Question): ServiceDecision {
  const { service, observed, image, done } = question;
  const containers = countingOf(observed, service.name);
  if (done === 'all') return nothingLeft(service.name, containers, image);
  const verdicts = new Map(containers.map((container) => [container.id, judge(container, question)]));
  const fits = ({ id }: ObservedContainer) => (verdicts.get(id)?.because.length ?? 0) === 0;
  // What an earlier step replaces counts as being what is wanted by then.
  const willFit = (container: ObservedContainer) => fits(container) || (done?.has(container.id) ?? false);
  const assigned = assign(service, containers, willFit, observed.put_back_at);
  const told = [...assigned.replace, ...assigned.leftovers].map((id) => verdicts.get(id)).find((verdict) => verdict);
  const note = [...verdicts.values()].find((verdict) => verdict.note !== undefined)?.note;
  const kept = assigned.verb === 'keep';
  return {
    ...assigned,
    service: service.name,
    because: [...new Set([...(assigned.replace.length > 0 ? (told?.because ?? []) : []), ...assigned.because])],
    diff: assigned.replace.length > 0 ? (told?.diff ?? []) : [],
    certainty: kept || told?.certainty === undefined ? certaintyOf(assigned.add, image) : told.certainty,
    outdated: containers.filter((container) => !fits(container)).map(({ id }) => id),
    ...(image.id !== undefined && { image_id: image.id }),
    ...(kept && note !== undefined && { note }),
    ...(done && { changed_before: true }),
  };
}

function nothingLeft(service: string, containers: readonly ObservedContainer[], image: WantedImage): ServiceDecision {
  return {
    service,
    verb: 'keep',
    because: [],
    keep: containers.filter(isLive).map(({ id }) => id),
    start: [],
    replace: [],
    surplus: [],
    leftovers: [],
    outdated: [],
    add: 0,
    diff: [],
    certainty: 'certain',
    changed_before: true,
    ...(image.id !== undefined && { image_id: image.id }),
  };
}

/** A container that is added runs whatever the image will be; that it is added is certain. */
function certaintyOf(add: number, image: WantedImage): Certainty {
  return add > 0 && image.id === undefined ? 'likely' : 'certain';
}

/** Why one container is not what the files want; no reason means that it is. */
type ContainerVerdict = { because: string[]; diff: Difference[]; certainty: Certainty; note?: string };

function judge(container: ObservedContainer, question: Question): ContainerVerdict {
  const config = configVerdict(container, question);
  const parent = replacedParent(question);
  const image = imageVerdict(container, question);
  const contents = question.observed.made?.has(container.id) ? [] : changedContents(question);
  const said = together(image, config);
  return {
    because: [
      ...said.because,
      ...contents.map((name) => `the content of ${name} differs`),
      ...(parent ? [`it ${wordsFor(parent, question)} of ${parent.service}, which is replaced`] : []),
    ],
    diff: said.diff,
    certainty: config.because.length + contents.length > 0 ? 'certain' : leastCertain(image, parent),
    ...(config.note !== undefined && { note: config.note }),
  };
}

type Said = Pick<ContainerVerdict, 'because' | 'diff'>;

/** What is certain comes first. A new name goes without saying beside another image, and says more than that it may be one. */
function together(image: ContainerVerdict, config: Said): Said {
  const certain = image.certainty === 'certain';
  if (config.because[0] === otherName && image.because.length > 0)
    return { because: certain ? image.because : config.because, diff: image.diff };
  const parts = certain ? [image, config] : [config, image];
  return { because: parts.flatMap((part) => part.because), diff: parts.flatMap((part) => part.diff) };
}

function configVerdict(container: ObservedContainer, question: Question): Omit<ContainerVerdict, 'certainty'> {
  const { service, desired, observed } = question;
  if (container.hash === service.hash) return { because: [], diff: [] };
  const inspected = {
    service,
    model: desired.model,
    inspect: container.inspect,
    image: observed.images[container.image_id],
  };
  const found = differences(inspected);
  if (found.length > 0)
    return { because: found.map((entry) => entry.because), diff: found.flatMap((entry) => entry.diff) };
  if (service.hash === undefined) return { because: [], diff: [] };
  const renamed = container.inspect.Config.Image !== service.image;
  if (renamed) return imageRenamed(container, service);
  if (container.compose_version !== desired.compose_version) {
    const note = `Compose ${container.compose_version || 'unknown'} → ${desired.compose_version} hashes differently; all else is equal`;
    return { because: [], diff: [], note };
  }
  return { because: ['its configuration differs (by its hash)'], diff: [] };
}

/** The name is part of the configuration: Compose recreates even where both names mean the same image. */
function imageRenamed(container: ObservedContainer, service: DesiredService): Said {
  return { because: [otherName], diff: [{ what: 'image', from: container.inspect.Config.Image, to: service.image }] };
}

const otherName = 'the image has another name';

function imageVerdict(container: ObservedContainer, { service, image, observed }: Question): ContainerVerdict {
  if (image.id === container.image_id) return { because: [], diff: [], certainty: 'certain' };
  if (image.id === undefined && image.certainty === 'certain') return { because: [], diff: [], certainty: 'certain' };
  const from = `${container.inspect.Config.Image} (${saidImage(container.image_id, observed)})`;
  const to = `${service.image} (${image.id === undefined ? 'not known yet' : saidImage(image.id, observed, 'sized')})`;
  const because = image.id === undefined ? 'the image may differ' : 'the image differs';
  return { because: [because], diff: [{ what: 'image', from, to }], certainty: image.certainty };
}

function saidImage(id: string, { images }: ObservedStack, sized?: 'sized'): string {
  const { Created: created, Size: bytes } = images[id] ?? Object.values(images).find((image) => image?.Id === id) ?? {};
  return sayImage(id, { created, bytes: sized && bytes });
}

/** Contents are compared with the newest release, else with what the container sees; where neither can be had, not at all. */
function changedContents({ service, observed }: Question): string[] {
  const known: Record<string, string> = { ...observed.seen?.[service.name], ...observed.released };
  return Object.entries(service.contents).flatMap(([name, hmac]) =>
    known[name] === undefined || known[name] === hmac ? [] : [name],
  );
}

function replacedParent({ service, decided }: Question): ServiceDecision | undefined {
  const lenders = lendersOf(service.config).map((lender) => lender.service);
  const parents = [...sharedBy(service.config), ...lenders];
  return decided.find(
    ({ service: name, verb }) => parents.includes(name) && (verb === 'recreate' || verb === 'create'),
  );
}

function wordsFor(parent: ServiceDecision, { service }: Question): string {
  const { config } = service;
  if (sharedService(config.network_mode) === parent.service) return 'shares the network';
  if (sharedService(config['ipc']) === parent.service) return 'shares the memory';
  return sharedBy(service.config).includes(parent.service) ? 'shares the processes' : 'uses the volumes';
}

/** A reason that is certain makes the whole certain. */
function leastCertain(image: ContainerVerdict, parent: ServiceDecision | undefined): Certainty {
  if (image.because.length === 0) return parent?.certainty ?? 'certain';
  return parent?.certainty === 'certain' ? 'certain' : image.certainty;
}

/** Earlier steps may bring another image: a pull names it in `binds.image`, a build cannot know it yet. */
function wantedImage(service: DesiredService, observed: ObservedStack, earlier: readonly Change[]): WantedImage {
  const here = observed.images[service.image]?.Id;
  const change = earlier.findLast((step) => step.target === `image ${service.image}` && step.verb !== 'keep');
  if (!change) return here === undefined ? { certainty: 'certain' } : { id: here, certainty: 'certain' };
  const coming = change.binds?.['image'];
  if (coming !== undefined) return { id: coming, certainty: change.certainty };
  return {
    certainty: change.verb === 'build' ? 'unknown' : change.certainty === 'certain' ? 'likely' : change.certainty,
  };
}
