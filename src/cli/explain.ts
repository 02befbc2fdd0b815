import { Refusal } from '../errors.ts';
import { explainableWords, explainWord } from '../playbook/explain.ts';
import { nearest } from '../playbook/nearest.ts';
import { wrap } from '../report/layout.ts';
import { actionPage } from './action-page.ts';
import type { Invocation } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { STATUSES } from './statuses.ts';
import { openRegistry } from './wire.ts';

/** `playbook explain [WORD]`: what a key, a problem, an action, a status or an exit code means; without a word, every word. */
export async function explain({ args, flags, io }: Invocation): Promise<number> {
  const [word] = args;
  if (word === undefined) {
    // A path such as `steps[].retry.if` is found under its last name, too.
    const words = everyWord().filter((each) => !/[[*]/.test(each));
    io.out(flags.json ? `${JSON.stringify(words, null, 2)}\n` : `${wrap(words.join('  '), io.width).join('\n')}\n`);
    return 0;
  }
  const text = (await meaning(word, io)) ?? fail(word);
  io.out(flags.json ? `${JSON.stringify({ word, text })}\n` : `${text.trimEnd()}\n`);
  return 0;
}

async function meaning(word: string, io: Invocation['io']): Promise<string | undefined> {
  const exit = EXIT_CODES.find(({ code }) => String(code) === word);
  if (exit !== undefined) return wrap(`exit ${exit.code} (${exit.name}): ${exit.meaning}`, io.width).join('\n');
  const runner = await openRegistry().find(word);
  if (runner !== undefined) return actionPage(word, runner, io.style);
  const known = explainWord(word);
  if (known !== undefined) return known;
  const status = STATUSES[word as keyof typeof STATUSES] as string | undefined;
  return status && wrap(`${word}, of a run: ${status}`, io.width).join('\n');
}

function everyWord(): string[] {
  const codes = EXIT_CODES.map(({ code }) => String(code));
  return [...new Set([...explainableWords(), ...openRegistry().names, ...Object.keys(STATUSES), ...codes])].sort();
}

function fail(word: string): never {
  const guess = nearest(word, everyWord());
  throw new Refusal('usage', `There is nothing to explain under ${word}.`, {
    hint: guess ? `Did you mean ${guess}?` : 'playbook explain lists every word.',
  });
}
