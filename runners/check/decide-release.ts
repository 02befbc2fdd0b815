import type { Judgement } from '../../src/runner/contract.ts';
import { shortId } from '../stack/container.ts';
import { allHere, counted, listed, sayDuration } from '../stack/words.ts';

export type GoneImage = {
  service: string;
  image: string;
  image_id: string;
  digests: string[];
  /** Asked for by digest; what was built here no registry ever had. */
  registry: 'has it' | 'has it no more' | 'does not answer' | 'never had it';
};

/** What putting a release back would rest on. */
export type ReleaseFacts = {
  id: string;
  age_ms: number;
  commit?: string;
  images: number;
  gone_images: GoneImage[];
  gone_things: { kind: 'network' | 'volume'; name: string; external: boolean }[];
  unset: { variable: string; used_by: string }[];
  other_variables: string[];
  /** `config page`, `file /srv/shop/motd`: not there any more, and there but with another content. */
  gone_files: string[];
  other_contents: string[];
  /** Where the release keeps the contents; null: it keeps none. */
  contents_file: string | null;
  compose: { was: string; now: string };
  irreversible: { release: string; run?: string; what: string }[];
};

type Said = { say: string; hint: string };

/** Refused before anything is touched where the release cannot be put back whole; what differs is named. Pure. */
export function decideRelease(facts: ReleaseFacts, data: 'ask' | 'stays'): Judgement {
  const evidence = { ...facts, commit: facts.commit ?? null };
  const against = [
    ...goneImages(facts),
    ...goneExternals(facts),
    ...unsetVariables(facts),
    ...goneFiles(facts),
    ...(data === 'ask' ? dataMoved(facts) : []),
  ];
  if (against.length > 0) return { verdict: 'no-go', ...together(against), evidence };
  const words = [...emptyVolumes(facts), ...otherContents(facts), ...otherVariables(facts), ...otherCompose(facts)];
  const kept = data === 'stays' ? staying(facts) : [];
  const say = [sayWhole(facts), ...words.map((word) => word.say), ...kept].join('; ');
  if (words.length === 0) return { verdict: 'go', say: `${say}.`, evidence };
  return { verdict: 'warn', say: `${say}.`, hint: words.map((word) => word.hint).join(' '), evidence };
}

function together(all: readonly Said[]): Said {
  return { say: `${all.map(({ say }) => say).join('; ')}.`, hint: all.map(({ hint }) => hint).join(' ') };
}

/** F44, F48, F54: gone is gone by ID; the name may still mean something else. */
function goneImages({ id, images, gone_images: gone, commit }: ReleaseFacts): Said[] {
  if (gone.length === 0) return [];
  const names = listed(gone.map(({ service, image, image_id }) => `${image} (${shortId(image_id)}) of ${service}`));
  const are = gone.length === 1 ? 'is' : 'are';
  const say = `${gone.length} of ${counted(images, 'image')} of release ${id} ${are} gone from the engine: ${names}`;
  return [{ say, hint: [...new Set(gone.map((image) => howToGet(image, commit)))].join(' ') }];
}

function howToGet({ service, digests, registry }: GoneImage, commit: string | undefined): string {
  const [reference = ''] = digests;
  const checkout = commit === undefined ? 'its former sources' : `commit ${commit.slice(0, 7)}`;
  switch (registry) {
    case 'has it':
      return `Bring it back: docker pull ${reference}, then run this again.`;
    case 'does not answer':
      return `When the registry answers again: docker pull ${reference}. It does not answer now.`;
    case 'has it no more':
      return `The registry does not have it either. Deploy ${service} anew from ${checkout}, or choose another release: playbook releases.`;
    case 'never had it':
      return `It was built here. Check out ${checkout} and deploy that, or choose another release: playbook releases.`;
  }
}

function goneExternals({ gone_things }: ReleaseFacts): Said[] {
  return gone_things
    .filter(({ external }) => external)
    .map(({ kind, name }) => ({
      say: `the ${kind} ${name} is gone, which this stack uses and does not make itself`,
      hint: `Make it first: docker ${kind} create ${name}.`,
    }));
}

function unsetVariables({ unset }: ReleaseFacts): Said[] {
  if (unset.length === 0) return [];
  const names = listed(unset.map(({ variable, used_by }) => `${variable} (${used_by})`));
  const say = `${names} ${unset.length === 1 ? 'is' : 'are'} not set, and a release does not keep such values`;
  return [{ say, hint: 'Set it in the environment that playbook is started in, or in .env.' }];
}

function goneFiles({ gone_files, contents_file }: ReleaseFacts): Said[] {
  if (gone_files.length === 0) return [];
  const say = `${listed(gone_files)} ${gone_files.length === 1 ? 'is' : 'are'} gone, and no container can be made without`;
  return [{ say, hint: `Put it back first.${whereKept(contents_file)}` }];
}

function dataMoved({ id, irreversible }: ReleaseFacts): Said[] {
  if (irreversible.length === 0) return [];
  const say = `going back to ${id} takes nothing of the data back: ${sayAll(irreversible)}`;
  return [{ say, hint: 'If the older version can work with the data as it is now: -i data=stays.' }];
}

function staying({ irreversible }: ReleaseFacts): string[] {
  return irreversible.length === 0 ? [] : [`the data stays as it is: ${sayAll(irreversible)}`];
}

function sayAll(irreversible: ReleaseFacts['irreversible']): string {
  const same = Map.groupBy(irreversible, ({ what }) => what);
  const each = [...same].map(([what, all]) => {
    const where = all.map(({ release, run }) => `in ${release}${run === undefined ? '' : `, run ${run}`}`);
    return `${what} (${where.join('; ')})`;
  });
  return each.join('; ');
}

function emptyVolumes({ gone_things }: ReleaseFacts): Said[] {
  const names = gone_things.filter(({ external }) => !external).map(({ name }) => name);
  if (names.length === 0) return [];
  const say = `the volume ${listed(names)} is gone, and is made anew, empty`;
  return [{ say, hint: 'What was in it has to come from a backup.' }];
}

function otherContents({ other_contents, contents_file }: ReleaseFacts): Said[] {
  if (other_contents.length === 0) return [];
  const say = `${listed(other_contents)} ${other_contents.length === 1 ? 'has' : 'have'} another content than in the release, and ${other_contents.length === 1 ? 'stays' : 'stay'} as now`;
  return [{ say, hint: `To have the former content, change it by hand first.${whereKept(contents_file)}` }];
}

function whereKept(file: string | null): string {
  return file === null ? '' : ` What it was is kept in ${file}, as base64 by path.`;
}

function otherVariables({ other_variables }: ReleaseFacts): Said[] {
  if (other_variables.length === 0) return [];
  const say = `${listed(other_variables)} ${other_variables.length === 1 ? 'has' : 'have'} another value than in the release`;
  return [{ say, hint: 'Its value comes from the environment that playbook is started in.' }];
}

function otherCompose({ compose }: ReleaseFacts): Said[] {
  if (compose.was === compose.now || compose.was === '') return [];
  const say = `it was recorded with Compose ${compose.was}, and ${compose.now} is here`;
  return [{ say, hint: 'The same file is deployed; Compose may compute other hashes for it.' }];
}

function sayWhole({ id, age_ms, images, commit }: ReleaseFacts): string {
  const age = age_ms === 0 ? 'a moment ago' : `${sayDuration(age_ms)} ago`;
  const from = commit === undefined ? '' : ` (commit ${commit.slice(0, 7)})`;
  return `release ${id} of ${age}${from}: ${allHere(images)}`;
}
