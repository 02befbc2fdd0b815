import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { storeReleases } from '../../history/releases.ts';
import { shippedPlaybooks } from '../../package-root.ts';
import { TEMPLATES } from '../../starter/choose.ts';
import type { Flags } from '../command.ts';
import { withLife } from '../find-run.ts';
import { type History, readHistory } from '../history-access.ts';
import { HOOK_NAMES, HOOKS } from '../hooks/names.ts';
import type { Io } from '../io.ts';
import { findPlaybook } from '../lookup.ts';
import { withStackLook } from '../stack-look.ts';
import { openRegistry, stackReads } from '../wire.ts';
import type { AskedFor } from './asked-for.ts';
import { guardsIn, type InputWord, inputsIn } from './playbook-words.ts';

export type Candidate = { value: string; says: string };

export type Place = { io: Io; flags: Flags; word: string };

type Value = Extract<AskedFor, { what: 'value' }>;

/** What an option may be given; none where any text, or a file, may stand. */
export async function valuesFor({ option, playbook }: Value, place: Place): Promise<Candidate[]> {
  switch (option) {
    case '--input':
      return inputs(playbook, place);
    case '--override':
      return guardsIn(textOf(playbook, place));
    case '--project':
      return fromHistory(place, ({ store }) => [...new Set(store?.runs().map(({ project }) => project))].map(plain));
    case '--profile':
      return profiles(place);
    case '--template':
      return TEMPLATES.map(plain);
    case '--as':
      return ['done', 'not-done', 'retry'].map(plain);
    case '--on-crash':
      return ['resume', 'undo'].map(plain);
    default:
      return [];
  }
}

/** What may stand as an argument of this name. */
export async function argumentsFor(argument: string, place: Place): Promise<Candidate[]> {
  switch (argument) {
    case 'playbook':
      return playbooks(place);
    case 'run':
      return fromHistory(place, ({ store }) =>
        (store?.runs({ limit: 50 }) ?? []).map(withLife).map(({ run, status, playbook, project }) => ({
          value: run,
          says: `${status}, ${playbook} → ${project}`,
        })),
      );
    case 'release':
      return releases(place);
    case 'name':
      return openRegistry().names.map(plain);
    case 'word':
      return (await (await import('../explain.ts')).everyWord()).map(plain);
    case 'what':
      return ['prune', 'backup'].map(plain);
    case 'act':
      return ['list', 'install', 'uninstall'].map(plain);
    case 'hook':
    case 'hooks':
      return HOOK_NAMES.map((value) => ({ value, says: HOOKS[value].says }));
    case 'shell':
      return ['bash', 'zsh', 'fish'].map(plain);
    default:
      return [];
  }
}

function plain(value: string): Candidate {
  return { value, says: '' };
}

function playbooks({ io, word }: Place): Candidate[] {
  const named = (folder: string, says: string) =>
    filesIn(folder).map((file) => ({ value: file.replace(/\.ya?ml$/, ''), says }));
  const folder = word.includes('/') ? dirname(`${word}x`) : '.';
  const here = filesIn(resolve(io.cwd, folder)).map((file) => plain(folder === '.' ? file : join(folder, file)));
  if (folder !== '.') return here;
  return [...named(join(io.cwd, 'playbooks'), 'in ./playbooks'), ...named(shippedPlaybooks(), 'shipped'), ...here];
}

function filesIn(folder: string): string[] {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((file) => /\.ya?ml$/.test(file) && !/^(docker-)?compose[.-]/.test(file)).sort();
}

async function inputs(playbook: string | undefined, place: Place): Promise<Candidate[]> {
  const known = inputsIn(textOf(playbook, place));
  const [name, value] = place.word.split('=', 2);
  if (value === undefined) return known.map((input) => ({ value: `${input.name}=`, says: input.says }));
  const input = known.find((each) => each.name === name);
  const values = input ? await valuesOf(input, place) : [];
  return values.map((each) => ({ ...each, value: `${name}=${each.value}` }));
}

async function valuesOf({ name, type, items, values }: InputWord, place: Place): Promise<Candidate[]> {
  if (type === 'boolean') return ['true', 'false'].map(plain);
  if (type === 'service' || items === 'service') return services(place);
  if (name === 'release') return releases(place);
  return values.map(plain);
}

function textOf(playbook: string | undefined, { io }: Place): string {
  return findPlaybook(playbook, io.cwd).text;
}

async function services(place: Place): Promise<Candidate[]> {
  return fromHistory(place, ({ memory }) =>
    withStackLook({ args: [], ...place }, memory, async (look) => (await stackReads.names(look)).services.map(plain)),
  );
}

async function profiles(place: Place): Promise<Candidate[]> {
  return fromHistory(place, ({ memory }) =>
    withStackLook({ args: [], ...place }, memory, async (look) => (await stackReads.names(look)).profiles.map(plain)),
  );
}

/** Of this stack; where it cannot be told which one that is, nothing is offered. */
async function releases(place: Place): Promise<Candidate[]> {
  const { stackIdOf } = await import('../stack-id.ts');
  return fromHistory(place, async ({ dir, store, memory }) => {
    if (!store) return [];
    const stack = await withStackLook({ args: [], ...place }, memory, stackIdOf);
    const found = await storeReleases(store, dir, stack).list();
    return found.map(({ id, services: all }) => ({
      value: id,
      says: Object.values(all)
        .map(({ image }) => image)
        .join(', '),
    }));
  });
}

async function fromHistory<T>(place: Place, use: (history: History) => T | Promise<T>): Promise<T> {
  const history = readHistory(place);
  try {
    return await use(history);
  } finally {
    history.close();
  }
}
