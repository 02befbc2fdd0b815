import type { Problem } from '../../errors.ts';
import { suggestion } from '../nearest.ts';
import { type Use, usesOf } from '../outline.ts';
import type { Reading } from '../reading.ts';

const WHERE = { action: '`steps`', guard: '`guards`', trigger: '`rollback.triggers`' } as const;

/** What is used must be there, and be of the kind that belongs there. */
export function uses(reading: Reading): Problem[] {
  return usesOf(reading.outline).flatMap((use) => problemOf(use, reading));
}

function problemOf({ kind, path, name }: Use, { runners, names, locate }: Reading): Problem[] {
  if (name === undefined || name.includes('{{')) return [];
  const place = locate.value([...path, 'uses']);
  const runner = runners.get(name);
  if (!runner) {
    const hint = suggestion(name, names[kind], `${kind}s are`) ?? '`playbook actions` lists them';
    return [{ code: 'unknown-action', message: `there is no ${kind} \`${name}\``, hint, place }];
  }
  if (runner.kind === kind) return [];
  const hint = `it belongs under ${WHERE[runner.kind]}`;
  return [
    {
      code: 'wrong-kind',
      message: `\`${name}\` is ${article(runner.kind)}, and ${article(kind)} belongs here`,
      hint,
      place,
    },
  ];
}

function article(kind: string): string {
  return kind === 'action' ? 'an action' : `a ${kind}`;
}
