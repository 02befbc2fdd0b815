import { Refusal } from '../errors.ts';
import { explainableWords, explainWord, isProblemCode, isRule } from '../playbook/explain.ts';
import { nearest } from '../playbook/nearest.ts';
import { jsonText } from '../report/gate.ts';
import { wrap } from '../report/layout.ts';
import { actionPage } from './action-page.ts';
import type { Invocation } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { STATUSES } from './statuses.ts';
import { openRegistry, practiceWords } from './wire.ts';

/** `playbook explain [WORD]`: what a key, a problem, an action, a status or an exit code means; without a word, every word. */
export async function explain({ args, flags, io }: Invocation): Promise<number> {
  const [word] = args;
  if (word === undefined) {
    io.out(flags.json ? `${jsonText(await everyWord(), 2)}\n` : await listOfWords(io));
    return 0;
  }
  const text = (await meaning(word, io)) ?? (await fail(word));
  io.out(flags.json ? `${jsonText({ word, text })}\n` : `${text.trimEnd()}\n`);
  return 0;
}

/** All that can be explained. */
export async function everyWord(): Promise<string[]> {
  return [...new Set(Object.values(await wordsByKind()).flat())].sort();
}

async function meaning(word: string, io: Invocation['io']): Promise<string | undefined> {
  const exit = EXIT_CODES.find(({ code }) => String(code) === word);
  if (exit !== undefined) return wrap(`exit ${exit.code} (${exit.name}): ${exit.meaning}`, io.width).join('\n');
  const runner = await openRegistry().find(word);
  if (runner !== undefined) return actionPage(word, runner, io.style);
  const known = explainWord(word) ?? (await practiceText(word));
  if (known !== undefined) return known;
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word as keyof typeof STATUSES] : undefined;
  return status && wrap(`${word}, of a run: ${status}`, io.width).join('\n');
}

async function practiceText(word: string): Promise<string | undefined> {
  const practices = await practiceWords();
  const found = Object.hasOwn(practices, word) ? practices[word] : undefined;
  if (found === undefined) return undefined;
  const { title, why, fix, level } = found;
  const aside = `A ${level} of \`check.practices\`; its parameter \`ignore\` sets it aside with a reason.`;
  return [`${word}: ${title}`, ...[why, fix, aside].map((line) => `  ${line}`), ''].join('\n');
}

async function wordsByKind(): Promise<Record<string, string[]>> {
  // A path such as `steps[].retry.if` is found under its last name, too.
  const known = explainableWords().filter((word) => !/[[*]/.test(word));
  return {
    'Keys of a playbook': known.filter((word) => !isProblemCode(word)),
    'Actions and guards': [...openRegistry().names],
    'Problems in a playbook': known.filter((word) => isProblemCode(word) && !isRule(word)),
    'Rules of the linter': known.filter(isRule),
    'Practices for Compose files': Object.keys(await practiceWords()),
    'What becomes of a run': Object.keys(STATUSES),
    'Exit codes': EXIT_CODES.map(({ code }) => String(code)),
  };
}

async function listOfWords({ style, width }: Invocation['io']): Promise<string> {
  const parts = Object.entries(await wordsByKind()).map(([kind, words]) => {
    const lines = wrap(words.join('  '), width - 2).map((line) => `  ${line}\n`);
    return `${style.strong(kind)}:\n${lines.join('')}\n`;
  });
  return `${parts.join('')}What one of them means: playbook explain WORD\n`;
}

async function fail(word: string): Promise<never> {
  const guess = nearest(word, Object.values(await wordsByKind()).flat());
  throw new Refusal('usage', `There is nothing to explain under ${word}.`, {
    hint: guess ? `Did you mean ${guess}?` : 'playbook explain lists every word.',
  });
}
