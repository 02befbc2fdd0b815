import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Refusal } from '../errors.ts';
import { type Retention, type Retired, retire, USUAL_RETENTION } from '../history/retention.ts';
import { runFolder } from '../history/run-folder.ts';
import { storeFile } from '../history/sqlite.ts';
import type { Store } from '../history/store.ts';
import { storageTrouble } from '../history/trouble.ts';
import { parseDuration } from '../playbook/duration.ts';
import { formatSize } from '../playbook/size.ts';
import { count } from '../report/amounts.ts';
import { jsonText } from '../report/gate.ts';
import { printRetired, retiredJson } from '../report/retention.ts';
import { consent, requireConsent } from './ask.ts';
import type { Flags, Invocation } from './command.ts';
import { type OpenHistory, openHistory, readHistory } from './history-access.ts';

/** `playbook history prune`: takes old runs out of the record, with consent, and says which go and which stay. */
export async function prune(invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const asked = retentionOf(flags);
  if (!flags.dryRun) requireConsent(invocation, 'playbook history prune --dry-run');
  const planned = readPlanned(invocation, asked);
  const show = { ...retiredJson(planned), pruned: false };
  if (!flags.json && !flags.quiet) io.out(printRetired(planned, io.style));
  if (flags.dryRun || planned.goes.length === 0) {
    if (flags.json) io.out(`${jsonText(show, 2)}\n`);
    return 0;
  }
  await consent(`Take ${count(planned.goes.length, 'run')} out of the history?`, invocation);
  const { gone, freed } = await withHistory(invocation, (history) => remove(history, planned, { asked, flags }));
  if (flags.json) io.out(`${jsonText({ ...show, goes: gone, pruned: true }, 2)}\n`);
  else if (!flags.quiet)
    io.out(`${count(gone.length, 'run')} taken out; the journal is ${formatSize(freed)} smaller.\n`);
  return 0;
}

function readPlanned(invocation: Invocation, asked: Retention): Retired {
  const { store, close } = readHistory(invocation);
  try {
    return store ? decide(store, asked, invocation.flags) : { goes: [], stays: [] };
  } finally {
    close();
  }
}

async function withHistory<T>(invocation: Invocation, use: (history: OpenHistory) => Promise<T>): Promise<T> {
  const history = openHistory(invocation);
  try {
    return await use(history);
  } finally {
    history.close();
  }
}

function decide(store: Store, asked: Retention, { project }: Flags): Retired {
  return retire(
    {
      rows: store.runs(project === undefined ? {} : { project }),
      releases: (stack) => new Set(store.releases(stack.engine_id, stack.project).map(({ id }) => id)),
      now: Date.now(),
    },
    asked,
  );
}

type Wish = { asked: Retention; flags: Flags };

/** Only what was shown goes, and of that only what may still go now: the question may have stood for long. */
async function remove({ dir, store }: OpenHistory, planned: Retired, { asked, flags }: Wish): Promise<Removed> {
  const shown = new Set(planned.goes.map(({ run }) => run));
  const gone = decide(store, asked, flags)
    .goes.map(({ run }) => run)
    .filter((run) => shown.has(run));
  const before = statSync(storeFile(dir)).size;
  for (let from = 0; from < gone.length; from += RUNS_AT_ONCE) {
    const some = gone.slice(from, from + RUNS_AT_ONCE);
    // Files first: it makes room on a full disk, and one that is cut here finds the runs again.
    for (const run of some) await removeFolder(runFolder(dir, run));
    store.retire(some);
  }
  store.compact();
  return { gone, freed: Math.max(0, before - statSync(storeFile(dir)).size) };
}

type Removed = { gone: string[]; freed: number };

/** A run that writes meanwhile waits for no more than these. */
const RUNS_AT_ONCE = 50;

async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    throw storageTrouble(error, folder);
  }
}

/** One that is named stands alone: `--keep 20` takes the twenty-first, however young it is. */
function retentionOf({ keep, olderThan }: Flags): Retention {
  if (keep === undefined && olderThan === undefined) return USUAL_RETENTION;
  return { keep: keepOf(keep), older_than: ageOf(olderThan) };
}

function keepOf(text = '0'): number {
  if (!/^\d{1,9}$/.test(text)) throw new Refusal('usage', `--keep ${text}: a number from 0 on is needed.`);
  return Number(text);
}

function ageOf(text = '0s'): number {
  const days = /^(\d{1,6})d$/.exec(text)?.[1];
  const ms = days === undefined ? parseDuration(text) : Number(days) * 24 * 3_600_000;
  if (ms === undefined) throw new Refusal('usage', `--older-than ${text}: write days, or a duration: 90d, 12h.`);
  return ms;
}
