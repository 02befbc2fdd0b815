import { referencedPaths } from '../../../expression/paths.ts';
import type { StepOutline } from '../../outline.ts';
import type { Reading } from '../../reading.ts';
import { levelOf, pivotLevel, textAt } from '../about.ts';
import { defineRule, type Finding } from '../rule.ts';

/** Data that goes without anybody having said so. */
export const destructive = defineRule({
  id: 'destructive-without-consent',
  title: 'Data is removed without anybody having asked for it',
  level: 'warning',
  why: 'Whoever starts the playbook sees no question and gives no name, and what was in a removed volume is gone for good.',
  fix: 'Take what shall go from an input without a default, or let a `when` ask an input for consent.',
  find: (reading) =>
    reading.outline.steps.flatMap((step): Finding[] => {
      const what = removes(step);
      const asked = referencedPaths(textAt(step.raw, ['when']) ?? '').some(([root]) => root === 'inputs');
      if (what === undefined || asked) return [];
      const message = `this removes ${what}, and nobody is asked`;
      const hint = 'take the names from an input, or let `when` ask an input for consent';
      return [{ message, hint, place: reading.locate.value([...step.path, 'uses']) }];
    }),
});

const COMMANDS: readonly [RegExp, string][] = [
  [/\bdocker\s+volume\s+(rm|remove|prune)\b/, 'volumes'],
  [/\bdocker\s+system\s+prune\b.*--volumes\b/, 'volumes'],
  [/\bdocker(\s+|-)compose\b.*\b(down|rm)\b.*\s(-v|--volumes)\b/, 'the volumes of the stack'],
  [/(^|[\s;&|/])rm\s+(-\w*\s+)*-\w*[rR]/, 'files'],
  [/\b(DROP|TRUNCATE)\s+(DATABASE|SCHEMA|TABLE)\b/i, 'data of a database'],
];

function removes({ use }: StepOutline): string | undefined {
  if (use.name === 'prune.volumes') {
    const names = use.with?.['names'];
    const given = Array.isArray(names) ? names.filter((name) => !String(name).includes('{{')) : [];
    return given.length > 0 ? `volumes with all that is in them (${given.join(', ')})` : undefined;
  }
  if (use.name !== 'shell.run' && use.name !== 'compose.run') return undefined;
  const argv = use.with?.['argv'];
  const line = Array.isArray(argv) ? argv.join(' ') : (textAt(use.with, ['script']) ?? '');
  return COMMANDS.find(([form]) => form.test(line))?.[1];
}

/** What the way back may need is taken away while it is still open. */
export const pruneBeforeSoak = defineRule({
  id: 'prune-before-soak',
  title: 'Something is pruned while there is still a way back',
  level: 'warning',
  why: 'Until the pivot has ended a run may turn back, and what was pruned before cannot be put back.',
  fix: 'Put the step behind the pivot.',
  find: (reading) => {
    const end = pivotLevel(reading) ?? lastSoak(reading);
    return reading.outline.steps
      .filter((step) => step.use.name?.startsWith('prune.') && levelOf(step) < end)
      .map(({ use, path }) => ({
        message: `\`${use.name}\` takes away for good while the run may still turn back`,
        hint: 'put it behind the pivot',
        place: reading.locate.value([...path, 'uses']),
      }));
  },
});

function lastSoak({ outline }: Reading): number {
  return outline.tops.findLastIndex(({ uses }) => uses.includes('wait.soak'));
}
