import type { Change, Verb } from '../../src/runner/contract.ts';
import type { DoneBefore } from './diff.ts';

const makes: ReadonlySet<Verb> = new Set(['create', 'recreate', 'run', 'scale', 'start']);

/**
 * What earlier steps will have done to a service by the time of this one, for its plan. `binds.containers` names all it
 * had (`compose.up`), `binds.replaces` those that one step replaces (`replicas.start`). Nothing is earlier at run time:
 * the world itself tells then.
 */
export function doneBefore(earlier: readonly Change[]): DoneBefore {
  return (service) => {
    const changes = earlier.filter((change) => change.target === service && makes.has(change.verb));
    if (changes.some(({ binds }) => binds?.['containers'] !== undefined)) return 'all';
    const replaced = changes.flatMap(({ binds }) => binds?.['replaces']?.split(' ') ?? []);
    return replaced.length > 0 ? new Set(replaced) : undefined;
  };
}
