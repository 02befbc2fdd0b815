import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Refusal } from '../errors.ts';
import { maskStructure } from '../history/mask-event.ts';
import { type RecordedEvidence, writeRecord } from '../history/record.ts';
import { frozenFile, readProgramIfThere } from '../history/run-files.ts';
import { runFolder } from '../history/run-folder.ts';
import { storageTrouble } from '../history/trouble.ts';
import { formatSize } from '../playbook/size.ts';
import { count, list } from '../report/amounts.ts';
import { jsonText } from '../report/gate.ts';
import type { Invocation } from './command.ts';
import { findStateFolder } from './history-access.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import { readShown, type Shown } from './show.ts';
import { stackReads } from './wire.ts';

/** `playbook show RUN --export FILE`: events, plan and evidence of a run as one file, for eyes that may see no secret. */
export async function exportRun(invocation: Invocation, to: string): Promise<number> {
  const { flags, io } = invocation;
  const stray = (['events', 'evidence', 'plan'] as const).find((name) => flags[name] !== undefined && flags[name]);
  if (stray) throw new Refusal('usage', `--export writes all of a run: --${stray} means nothing to it.`);
  const shown = readShown(invocation);
  const { run, status, events } = shown;
  const { mask } = await secretsOf(runFolder(findStateFolder(invocation), run), io.env);
  const [plan, evidence] = await Promise.all([shown.plan(), recordedEvidence(shown, mask)]);
  const record = { run, status, exported_at: Date.now(), ...(plan && { plan }), events };
  const file = resolve(io.cwd, to);
  const bytes = await writeRecord(file, { ...maskStructure(record, mask), evidence });
  if (flags.json) io.out(`${jsonText({ file, bytes, run }, 2)}\n`);
  else if (!flags.quiet) {
    const holds = [count(events.length, 'event'), plan ? 'the plan' : 'no plan', `evidence ${evidence.length}`];
    io.out(`${file}: run ${run}, ${formatSize(bytes)}: ${list(holds)}. ${ELSEWHERE}\n`);
  }
  return 0;
}

const ELSEWHERE =
  'Known secrets are taken out; look through it before you give it away. `playbook show FILE` reads it on any machine.';

/** Whoever reads it has no use for bytes that nobody could look through. */
async function recordedEvidence(shown: Shown, mask: Secrets['mask']): Promise<RecordedEvidence[]> {
  const kept = await shown.evidence();
  return Promise.all(
    kept.map(async ({ name, bytes, read }) => {
      const text = await read();
      return { name: mask(name), bytes, ...(!text.includes('\ufffd') && { text: mask(text) }) };
    }),
  );
}

/** All that is known to be secret: what the playbook declares, if it can be had now, and what the run has written down. */
async function secretsOf(folder: string, env: Readonly<Record<string, string>>): Promise<Secrets> {
  const program = await readProgramIfThere(folder);
  const declared = program?.playbook.secrets ?? {};
  const secrets = createSecrets({ declared, env, directory: program?.target.directory ?? folder });
  // One that cannot be had any more was taken out when it could.
  await secrets.learn();
  const compose = existsSync(frozenFile(folder)) ? await textOf(frozenFile(folder)) : undefined;
  const others = (await writtenBy(folder)).map(textOf);
  secrets.hide(await stackReads.secretsWrittenIn({ compose, others: await Promise.all(others), env }));
  return secrets;
}

async function writtenBy(folder: string): Promise<string[]> {
  const files = ['program.json', 'before.json'].map((name) => join(folder, name)).filter(existsSync);
  const receipts = join(folder, 'receipts');
  const names = existsSync(receipts) ? await readdir(receipts) : [];
  return [...files, ...names.filter((name) => name.endsWith('.json')).map((name) => join(receipts, name))];
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw storageTrouble(error, file);
  }
}
