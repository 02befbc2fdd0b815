import { createInterface, type Interface } from 'node:readline/promises';
import { Refusal } from '../errors.ts';
import type { Invocation } from './command.ts';

/** Refuses where consent is needed and nobody can give it; to be called before anything else is done. */
export function requireConsent({ flags, io }: Invocation, look = 'playbook plan'): void {
  if (flags.yes || io.interactive) return;
  throw new Refusal('usage', 'There is no terminal to ask on.', {
    hint: `Say --yes to go ahead without a question, or use \`${look}\` to see what would happen.`,
  });
}

/** Asks a question that only y or yes answers with yes; with `--yes` it is not asked. */
export async function consent(question: string, { flags, io }: Invocation): Promise<void> {
  if (flags.yes) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await Promise.race([terminal.question(`${io.style.strong(question)} [y/N] `), endOf(terminal)]);
    // The cursor still stands behind the question.
    if (answer === undefined) io.err('\n');
    if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw new Refusal('declined', 'Not done. Nothing was changed.');
  } finally {
    terminal.close();
  }
}

/** Asks for a text; undefined where there is no terminal, or no answer. */
export async function answer(question: string, { io }: Invocation): Promise<string | undefined> {
  if (!io.interactive) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = await Promise.race([terminal.question(`${io.style.strong(question)} `), endOf(terminal)]);
    return said?.trim();
  } finally {
    terminal.close();
  }
}

/** Asks which of the answers it shall be, by the first letter of each; undefined where there is no terminal, or no answer. */
export async function choose<T extends string>(
  question: string,
  answers: readonly T[],
  { io }: Invocation,
): Promise<T | undefined> {
  if (!io.interactive) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const letters = answers.map((answer) => `${answer[0]} = ${answer}`).join(', ');
    const asked = terminal.question(`${io.style.strong(question)} [${letters}] `);
    const answer = (await Promise.race([asked, endOf(terminal)]))?.trim().toLowerCase();
    return answers.find((each) => answer === each || answer === each[0]);
  } finally {
    terminal.close();
  }
}

/** Ctrl-D and Ctrl-C at the question are a no. */
function endOf(terminal: Interface): Promise<undefined> {
  return new Promise((resolve) => {
    terminal.once('close', () => resolve(undefined));
    terminal.once('SIGINT', () => resolve(undefined));
  });
}
