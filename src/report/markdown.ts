import { realChanges } from '../plan/changes.ts';
import { planTitle } from '../plan/print.ts';
import { sayDifference, sign, staying } from '../plan/print-changes.ts';
import { sayDetails } from '../plan/say-details.ts';
import { guardSentence, plannedSteps, skippedSteps, takes, totals, verdictWord, wayBack } from '../plan/sentences.ts';
import { type ShownChange, shownChanges } from '../plan/shown-changes.ts';
import type { GuardVerdict, Plan } from '../plan/types.ts';
import { watched } from '../plan/watched.ts';
import { clean } from './clean.ts';
import { onOneLine } from './layout.ts';

/** The plan for a pull request or a chat: the same facts as the text, as Markdown. */
export function printPlanMarkdown(given: Plan): string {
  const plan = clean(given);
  const parts = [
    `## ${escaped(planTitle(plan))}`,
    `**${totals(plan).map(escaped).join(' ')}**`,
    guardTable(plan.guards),
    ...(plan.verdict === 'nothing-to-do' ? [] : [changeTable(plan)]),
    facts(plan),
    `Plan \`${plan.plan_id}\`, made by ${escaped(plan.by)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function guardTable(guards: readonly GuardVerdict[]): string {
  if (guards.length === 0) return '';
  const rows = guards.map((guard) => {
    const hint = guard.hint === undefined || guard.verdict === 'go' ? '' : `. ${guard.hint}`;
    return row([
      verdictWord(guard),
      guard.step === undefined ? guard.id : `${guard.step}.${guard.id}`,
      guardSentence(guard).replace(/\.$/, '') + hint,
    ]);
  });
  return [row(['Verdict', 'Guard', 'What it says']), '|---|---|---|', ...rows].join('\n');
}

function changeTable(plan: Plan): string {
  const changes = shownChanges(plan);
  if (changes.length === 0) return '';
  const rows = changes.map((change) =>
    row([
      sign(change),
      change.step,
      change.target,
      `${change.open ? '' : change.verb}${doubt(change)}`,
      change.because.join(' and '),
      differences(change),
    ]),
  );
  return [row(['', 'Step', 'Target', 'Change', 'Because', 'Differences']), '|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function doubt(change: ShownChange): string {
  return change.open || change.certainty === 'certain'
    ? ''
    : ` (${change.certainty === 'likely' ? 'likely' : 'not certain'})`;
}

function differences(change: ShownChange): string {
  return [...(change.diff ?? []).map(sayDifference), ...sayDetails(change)].join('; ');
}

function facts(plan: Plan): string {
  const byHand = (plan.drift?.differences ?? []).map(
    (difference) => `- **By hand**: since ${escaped(`${plan.drift?.since}: ${difference}`)}`,
  );
  const warnings = plan.warnings.map((warning) => `- **Warning**: ${escaped(warning)}`);
  const stays = staying(plan).map(
    ({ targets, because }) =>
      `- **Stays**: ${escaped([targets.join(', '), because].filter((part) => part !== '').join(': '))}`,
  );
  if (plan.verdict === 'nothing-to-do' || plan.verdict === 'no-go' || realChanges(plan).length === 0)
    return [...byHand, ...stays, ...warnings].join('\n');
  return [
    ...byHand,
    ...stays,
    `- **Steps**: ${escaped(plannedSteps(plan))}`,
    ...skippedSteps(plan).map((sentence) => `- **Skipped**: ${escaped(sentence)}`),
    `- **Way back**: ${escaped(wayBack(plan).join(' '))}`,
    ...watchedItem(plan),
    `- **Takes**: ${escaped(takes(plan))}`,
    ...warnings,
  ].join('\n');
}

function watchedItem(plan: Plan): string[] {
  const sentences = watched(plan).map((sentence) => escaped(sentence.trim()));
  return sentences.length === 0 ? [] : [`- **Watched**: ${sentences.join('; ')}`];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  return escaped(text).replaceAll('|', '\\|');
}

/**
 * What Markdown would take for markup, on one line: a name of somebody else's must make no link, no image, no HTML and no
 * new block. Text in backticks stays as it is, where the backticks are as simple as in our own sentences: with longer runs
 * or a lonely one Markdown would pair them otherwise, and what was meant as code would be markup.
 */
function escaped(text: string): string {
  const line = onOneLine(text);
  const ticks = line.match(/`+/g) ?? [];
  const isSimple = ticks.length % 2 === 0 && ticks.every((run) => run === '`') && !/\\`/.test(line);
  if (!isSimple) return markupEscaped(line).replaceAll('`', '\\`');
  return line
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : markupEscaped(part)))
    .join('');
}

/**
 * A tilde strikes through only where it touches a word. GitHub makes links of bare addresses, and mails of `@name`: a
 * backslash ends the address, and what holds the name apart has no width.
 */
function markupEscaped(text: string): string {
  return text
    .replace(/[\\*_[\]<>#]|~(?=\S)|(?<=\S)~/g, '\\$&')
    .replace(/(?<=https?|ftp):(?=\/\/)|(?<=www)\./gi, '\\$&')
    .replace(/(?<!\w)@(?=\w)/g, '@\u200b');
}
