import { Refusal } from '../errors.ts';
import { jsonText } from '../report/clean.ts';
import { historyJson, printHistory } from '../report/history.ts';
import type { Invocation } from './command.ts';
import { withLife } from './find-run.ts';
import { readHistory } from './history-access.ts';

const USUAL = 20;

/** `playbook history`: all runs, newest first; as JSON one array, and not cut unless asked for. */
export async function history(invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const { store, close } = readHistory(invocation);
  try {
    const limit = limitOf(flags.limit) ?? (flags.json ? undefined : USUAL);
    const filter = {
      ...(flags.project !== undefined && { project: flags.project }),
      ...(limit !== undefined && { limit }),
    };
    const rows = store?.runs(filter).map(withLife) ?? [];
    if (flags.json) io.out(`${jsonText(historyJson(rows), 2)}\n`);
    else io.out(printHistory(rows, io.style, Date.now()));
    return 0;
  } finally {
    close();
  }
}

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text)) throw new Refusal('usage', `--limit ${text}: a number from 1 on is needed.`);
  return Number(text);
}
