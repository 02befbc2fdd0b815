import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Refusal } from '../errors.ts';
import { changedFacts } from '../plan/fingerprint.ts';
import { sayStale } from '../plan/stale.ts';
import type { Plan } from '../plan/types.ts';
import type { Flags, Invocation } from './command.ts';

/** A plan as `plan -o` writes it: with what it was asked with, so that `run --plan` needs nothing else. */
export type SavedPlan = Plan & { given: Given };

type Given = Pick<
  Flags,
  'input' | 'file' | 'project' | 'profile' | 'envFile' | 'projectDirectory' | 'context' | 'override'
> & { cwd: string };

export function savedPlan(plan: Plan, { flags, io }: Invocation): SavedPlan {
  const { input, file, project, profile, envFile, projectDirectory, context, override } = flags;
  const given = { input, file, project, profile, envFile, projectDirectory, context, override, cwd: io.cwd };
  return { ...plan, given };
}

/** The command line with what it leaves out as it was for the plan; what it gives must then lead to the same plan. */
export function asPlanned({ args, flags, io }: Invocation, { playbook, given }: SavedPlan): Invocation {
  const { cwd, ...rest } = given;
  const isGiven = ([, value]: [string, unknown]) =>
    Array.isArray(value) ? value.length > 0 : typeof value === 'object' ? Object.keys(value ?? {}).length > 0 : true;
  const own = Object.fromEntries(Object.entries(flags).filter(isGiven));
  return {
    args: args.length > 0 ? args : [playbook.file],
    flags: { ...flags, ...rest, ...own },
    io: { ...io, cwd },
  };
}

/** Reads a plan that `plan -o` wrote. */
export async function readSavedPlan(path: string, cwd: string): Promise<SavedPlan> {
  const file = resolve(cwd, path);
  try {
    const plan: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (isPlan(plan)) return plan;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal('usage', `The plan ${file} cannot be read: ${reason}.`, { cause: error });
  }
  throw new Refusal('usage', `${file} is no plan.`, { hint: 'playbook plan -o plan.json writes one.' });
}

/** The second look must see what the first saw; names what does not. */
export function requireSamePlan(agreed: Plan, now: Plan): void {
  const changed = changedFacts(agreed.bound, now.bound);
  if (changed.length === 0) return;
  throw new Refusal('stale-plan', `The plan no longer fits: ${sayStale(changed)}. Nothing was touched.`, {
    hint: 'Make a new one with playbook plan, and look at what it says now.',
  });
}

function isPlan(value: unknown): value is SavedPlan {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['plan_id', 'bound', 'playbook', 'given'].every((key) => key in value)
  );
}
