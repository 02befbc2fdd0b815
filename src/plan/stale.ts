import { list } from '../report/amounts.ts';

/** What is said of a plan whose facts have changed since: whose they are, not which of them. */
export function sayStale(changed: readonly string[]): string {
  const whole = changed.flatMap((fact) => wholes[fact] ?? []);
  const targets = changed.flatMap((fact) => /^[^:]+: (.+), [^,]+$/.exec(fact)?.[1] ?? []);
  // That a release would be recorded only follows from the rest.
  const named = targets.filter((target) => target !== 'release');
  const all = [...new Set([...whole, ...(named.length > 0 ? named : targets)])];
  const shown = all.length > most ? [...all.slice(0, most - 1), `${all.length - most + 1} more`] : all;
  return `${list(shown)} ${all.length === 1 ? 'is not what it was' : 'are not what they were'}`;
}

const most = 8;

const wholes: Readonly<Record<string, string>> = {
  playbook: 'the playbook',
  inputs: 'the inputs',
  target: 'the target',
  engine: 'the engine',
  project: 'the name of the project',
  'rendered file': 'the Compose file with its variables',
};
