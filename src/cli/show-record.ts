import { resolve } from 'node:path';
import { Refusal } from '../errors.ts';
import { type RunRecord, readRecord } from '../history/record.ts';
import type { Invocation } from './command.ts';
import type { Shown } from './show.ts';
import { shownText } from './shown-text.ts';

/** `playbook show FILE`: a run that was exported, on whatever machine; no history is looked at. */
export async function showRecord(invocation: Invocation, named: string): Promise<number> {
  const record = await readRecord(resolve(invocation.io.cwd, named));
  invocation.io.out(await readable(named, () => shownText(shownOf(record), invocation)));
  return 0;
}

function shownOf({ run, status, events, plan, evidence }: RunRecord): Shown {
  return {
    run,
    status,
    events,
    plan: async () => plan,
    evidence: async () =>
      evidence.map(({ name, bytes, text }) => ({ name, bytes, read: async () => text ?? LEFT_OUT })),
  };
}

const LEFT_OUT = '(no text: left out of the export)';

/** Anybody can write a file with a right sum: what does not add up to a run is no bug of ours. */
async function readable(named: string, text: () => Promise<string>): Promise<string> {
  try {
    return await text();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const hint = 'Nothing that `playbook show RUN --export FILE` has written reads like this.';
    throw new Refusal('usage', `${named} cannot be shown: its events do not add up to a run.`, { hint, cause: error });
  }
}
