import type { Prospect } from '../engine/outlook.ts';
import { clean } from './clean.ts';
import { beside, columnsOf, padTo, wrap } from './layout.ts';
import { stackName } from './stack-name.ts';
import type { Style } from './style.ts';

/** What taking up a run would do: one way, or two where a person is to be asked. */
export type ShownOutlook = {
  run: string;
  project: string;
  playbook: string;
  because: string;
  ways: { way: 'forward' | 'back'; steps: Prospect[] }[];
};

/** The outlook as text: the ways, and what becomes of each step. */
export function printOutlook(given: ShownOutlook, style: Style): string {
  const shown = clean(given);
  const title = `Run ${shown.run}: ${shown.playbook} → ${stackName(shown.project)}`;
  const parts = shown.ways.map(({ way, steps }) => [
    ...wrap(`${HEADINGS[way]}, because ${shown.because}`, style.width).map((line) => style.strong(line)),
    ...(steps.length === 0 ? [`  ${NOTHING[way]}`] : rows(steps, style)),
  ]);
  const last = 'Nothing has been touched. The world is asked when it is done, not now.';
  return `${[[title], ...parts, wrap(last, style.width)].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const HEADINGS = { forward: 'It would go on', back: 'It would be taken back' } as const;
const NOTHING = { forward: 'all steps have ended', back: 'nothing was changed' } as const;

const WORDS: Readonly<Record<Prospect['what'], string>> = {
  kept: 'kept',
  skipped: 'skipped',
  probed: 'asked after',
  again: 'done again',
  asked: 'waits for you',
  next: 'to come',
  undone: 'taken back',
};

function rows(steps: readonly Prospect[], style: Style): string[] {
  const words = Math.max(...steps.map(({ what }) => WORDS[what].length));
  const names = Math.max(...steps.map(({ step }) => columnsOf(step)));
  return steps.flatMap(({ step, what, because }) =>
    beside(`  ${padTo(WORDS[what], words)}  ${padTo(step, names)}  `, because, style.width),
  );
}
