import { COMMANDS } from '../commands.ts';
import type { Io } from '../io.ts';
import { NO_FLAGS } from '../options.ts';
import { askedFor, optionsOf, placeIn } from './asked-for.ts';
import { argumentsFor, type Candidate, type Place, valuesFor } from './candidates.ts';

/**
 * Answers a shell that completes a command line: `words` are those behind `playbook`, the last one is under the cursor. One
 * line for each candidate: the word, a tab, what it is. Never fails, and says nothing where nothing is known.
 */
export async function complete(words: readonly string[], io: Io): Promise<number> {
  const place = { io, flags: { ...NO_FLAGS, ...placeIn(words, COMMANDS) }, word: words.at(-1) ?? '' };
  const found = await candidates(words, place).catch(() => []);
  const fitting = found.filter(({ value }) => value.startsWith(place.word));
  const lines = new Map(fitting.map(({ value, says }) => [oneLine(value), oneLine(says)]));
  for (const [value, says] of lines) io.out(says === '' ? `${value}\n` : `${value}\t${says}\n`);
  return 0;
}

async function candidates(words: readonly string[], place: Place): Promise<Candidate[]> {
  const asked = askedFor(words, COMMANDS);
  switch (asked.what) {
    case 'command':
      return COMMANDS.map(({ name, summary }) => ({ value: name, says: summary }));
    case 'option':
      return optionsOf(asked.command);
    case 'value':
      return valuesFor(asked, place);
    case 'argument':
      return argumentsFor(asked.argument, place);
    case 'nothing':
      return [];
  }
}

/** What a line feed or a tab in a name would make of the answer, it must not. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}
