import { readFile } from 'node:fs/promises';
import type { Look } from '../../src/runner/contract.ts';
import { composeReader } from '../clients/compose.ts';
import type { ComposeModel } from '../clients/compose-types.ts';
import { freeze, only, thaw } from './freeze.ts';
import { jobsOf } from './jobs.ts';
import { type Marks, marksOf } from './marks.ts';

/** The user's files, resolved once: everything of every profile, what is active of it, and the text that pins it. */
export type RenderedStack = {
  full: ComposeModel;
  active: string[];
  jobs: string[];
  marks: Record<string, Marks>;
  frozen: string;
};

/** From the run's frozen file where there is one (nothing is resolved again then), else from Compose. */
export function renderedStack(look: Look): Promise<RenderedStack> {
  const { frozen } = look;
  if (look.target.engine) return Promise.resolve(NO_STACK);
  return look.resources.once(`stack.rendered:${frozen ?? ''}`, () => (frozen ? readFrozen(frozen) : render(look)));
}

/** What a playbook about the whole engine has for a stack: none, under no name. */
const NO_STACK: RenderedStack = {
  full: { name: '', services: {} },
  active: [],
  jobs: [],
  marks: {},
  frozen: freeze({ name: '', services: {} }, { active: [], jobs: [] }),
};

async function readFrozen(file: string): Promise<RenderedStack> {
  const frozen = await readFile(file, 'utf8');
  const { full, notes } = thaw(frozen);
  return { full, active: notes.active, jobs: notes.jobs, marks: notes.marks ?? {}, frozen };
}

async function render(look: Look): Promise<RenderedStack> {
  const compose = await composeReader(look);
  const everything = await composeReader(withAllProfiles(look));
  const [{ model }, yaml] = await Promise.all([
    compose.config(),
    everything.configYaml().catch(() => compose.configYaml()),
  ]);
  const active = Object.keys(model.services);
  const full = /^ {4}profiles:/m.test(yaml) ? await allProfiles(look, model) : model;
  const marks = marksOf(yaml);
  const jobs = jobsOf(full, marks);
  return { full, active, jobs, marks, frozen: freeze(full, { active, jobs, marks }) };
}

/** A stack may be invalid with all profiles on at once: then the active ones are frozen, without what they can do without. */
async function allProfiles(look: Look, active: ComposeModel): Promise<ComposeModel> {
  const everything = await composeReader(withAllProfiles(look));
  return everything.config().then(
    (rendered) => rendered.model,
    () => only(active, Object.keys(active.services)),
  );
}

export function withAllProfiles(look: Look): Look {
  return Object.create(look, { target: { value: { ...look.target, profiles: ['*'] }, enumerable: true } }) as Look;
}
