import { Refusal } from '../errors.ts';
import { jsonText } from '../report/gate.ts';
import { historyJson, printHistory } from '../report/history.ts';
import type { Flags, Invocation } from './command.ts';
import { withLife } from './find-run.ts';
import { readHistory } from './history-access.ts';

const USUAL = 20;

/** `playbook history`: the record of all runs; `prune` and `backup` look after it. */
export async function history(invocation: Invocation): Promise<number> {
  const [what, file, ...args] = invocation.args;
  switch (what) {
    case undefined:
      refuseStray(invocation.flags, 'history', ['keep', 'olderThan', 'dryRun']);
      return list(invocation);
    case 'prune':
      refuseStray(invocation.flags, 'history prune', ['limit']);
      if (file !== undefined) throw new Refusal('usage', `history prune takes no ${file}.`);
      return (await import('./history-prune.ts')).prune(invocation);
    case 'backup':
      refuseStray(invocation.flags, 'history backup', ['keep', 'olderThan', 'dryRun', 'limit', 'project']);
      if (file === undefined) throw new Refusal('usage', 'Say into which file: playbook history backup FILE.');
      return (await import('./history-backup.ts')).backup({ ...invocation, args: [file, ...args] });
    default:
      throw new Refusal('usage', `history does not know ${what}.`, {
        hint: 'There are `history prune` and `history backup FILE`; `history` alone lists the runs.',
      });
  }
}

/** All runs, newest first; as JSON one array, and not cut unless asked for. */
function list(invocation: Invocation): number {
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

/** What one of them goes by would be passed over in silence by another. */
function refuseStray(flags: Flags, what: string, others: readonly (keyof typeof OPTIONS)[]): void {
  const stray = others.find((name) => flags[name] !== undefined && flags[name] !== false);
  if (stray !== undefined) throw new Refusal('usage', `${OPTIONS[stray]} means nothing to playbook ${what}.`);
}

const OPTIONS = {
  keep: '--keep',
  olderThan: '--older-than',
  dryRun: '--dry-run',
  limit: '--limit',
  project: '--project',
} as const;

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text)) throw new Refusal('usage', `--limit ${text}: a number from 1 on is needed.`);
  return Number(text);
}
