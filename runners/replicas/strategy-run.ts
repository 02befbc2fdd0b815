import { Refusal } from '../../src/errors.ts';
import type { Change, Look } from '../../src/runner/contract.ts';
import { desiredStack } from '../stack/desired.ts';
import { decideServices } from '../stack/diff.ts';
import { doneBefore } from '../stack/done-before.ts';
import { chosen } from '../stack/make/work.ts';
import { observedStack } from '../stack/observed.ts';
import { type Decided, decideStrategy, type Replaced, type StrategyParams } from './decide.ts';
import { sayLeft, sayService, sayStrategy } from './say.ts';

export type StrategyOutputs = { services: Replaced[]; before: string[]; after: string[]; say: string };

/** Says how each service is replaced; nothing of it is a change. */
export async function planStrategy(params: StrategyParams, look: Look, earlier: readonly Change[]): Promise<Change[]> {
  const { services, left, notes } = await strategy(params, look, earlier);
  const told = services
    .filter(({ replicas }) => replicas.length > 0)
    .map((service): [string, string[]] => [service.name, [sayService(service), ...(notes[service.name] ?? [])]]);
  const others = left.map((one): [string, string[]] => [one.name, [sayLeft(one)]]);
  return [...told, ...others].map(([name, because]) => ({
    verb: 'keep',
    target: `strategy of ${name}`,
    because,
    certainty: 'certain',
  }));
}

export async function runStrategy(
  params: StrategyParams,
  look: Look,
  earlier: readonly Change[] = [],
): Promise<StrategyOutputs> {
  const decided = await strategy(params, look, earlier);
  const at = (when: 'before' | 'after') => decided.left.filter((one) => one.when === when).map(({ name }) => name);
  return { services: decided.services, before: at('before'), after: at('after'), say: sayStrategy(decided) };
}

async function strategy(params: StrategyParams, look: Look, earlier: readonly Change[]): Promise<Decided> {
  const desired = await desiredStack(look);
  const unknown = (params.services ?? []).find((service) => !desired.services[service]);
  if (unknown !== undefined) {
    throw new Refusal('no-go', `There is no service ${unknown} in the Compose files.`, {
      hint: `Services: ${desired.order.join(', ')}.`,
    });
  }
  const observed = await observedStack(look, desired.project);
  const all = decideServices(desired, observed, earlier, doneBefore(earlier));
  return decideStrategy({ desired, observed, decisions: chosen(all, desired, params.services), params });
}
