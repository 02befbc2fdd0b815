import { resolve } from 'node:path';
import { Refusal } from '../errors.ts';
import { backUp } from '../history/backup.ts';
import { formatSize } from '../playbook/size.ts';
import { jsonText } from '../report/gate.ts';
import type { Invocation } from './command.ts';
import { readHistory } from './history-access.ts';

/** `playbook history backup FILE`: the journal as one file, also while a run writes to it. */
export async function backup(invocation: Invocation): Promise<number> {
  const { args, flags, io } = invocation;
  const { dir, store, close } = readHistory(invocation);
  close();
  if (!store) throw new Refusal('usage', `There is no history in ${dir} yet.`);
  const file = resolve(io.cwd, args[0] ?? '');
  const bytes = await backUp(dir, file);
  if (flags.json) io.out(`${jsonText({ file, bytes }, 2)}\n`);
  else if (!flags.quiet) io.out(`${file}: the journal of ${dir}, ${formatSize(bytes)}. ${BESIDE}\n`);
  return 0;
}

const BESIDE = 'Keep key, runs/ and releases/ of that folder with it: receipts, evidence and releases are files there.';
