import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Refusal } from '../errors.ts';
import { changedFacts } from '../plan/fingerprint.ts';
import type { Plan } from '../plan/types.ts';
import { list } from '../report/amounts.ts';
import type { Flags, Invocation } from './command.ts';

/** Reads a plan that `plan -o` wrote. */
export async function readSavedPlan(path: string, cwd: string): Promise<Plan> {
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
  throw new Refusal('stale-plan', `The plan no longer fits: ${list(changed)} changed since. Nothing was touched.`, {
    hint: 'Look at a new plan: playbook plan',
  });
}

function isPlan(value: unknown): value is Plan {
  return typeof value === 'object' && value !== null && 'plan_id' in value && 'bound' in value && 'playbook' in value;
}
