import { join } from 'node:path';
import type { Problem } from '../../errors.ts';
import { loadPlaybook } from '../../playbook/load.ts';
import { startsOf } from '../../playbook/starts.ts';
import type { GitStart, Playbook } from '../../playbook/types.ts';
import { printProblems } from '../../report/problem.ts';
import type { Style } from '../../report/style.ts';
import { openRegistry } from '../wire.ts';
import { type Arrived, whyNot } from './filters.ts';
import type { DeployPlace } from './place.ts';

/** What a commit on a ref starts: the playbook as it stands in that commit. */
export type Meant = { playbook: Playbook; text: string; ref: string; commit: string };

/** Or why it starts nothing: as a clause, or for problems that are in the way. */
export type Answer = { meant: Meant } | { not: string } | { problems: Problem[]; text: string };

/** What is asked for once there is a playbook: the rest of what has come. */
export type AskArrived = () => Promise<Omit<Arrived, 'ref'>>;

/** Whether the playbook of a commit starts by it, and if not, why. */
export async function meantBy(
  { ref, commit }: { ref: string; commit: string },
  { invocation, git, path }: DeployPlace,
  ask: AskArrived,
): Promise<Answer> {
  const text = await git.text(path, commit);
  if (text === undefined) return { not: `not deployed, there is no ${path} in it` };
  const { playbook, problems } = await loadPlaybook({ file: path, text }, openRegistry());
  const arrived = { ref, ...(await ask()) };
  const not = (starts: readonly GitStart[] | undefined) => {
    const objection = whyNot(starts, arrived);
    return objection === undefined ? undefined : `${path} does not deploy it, ${objection}`;
  };
  if (playbook === undefined) {
    const starts = startsOf({ file: path, text });
    const objection = starts && not(starts);
    return objection === undefined ? { problems, text } : { not: objection };
  }
  const objection = not(playbook.start);
  if (objection !== undefined) return { not: objection };
  return { meant: { playbook: { ...playbook, file: join(invocation.io.cwd, path) }, text, ref, commit } };
}

/** The problems of a playbook in a commit, by its path in the repository. */
export function problemsIn(
  { path }: Pick<DeployPlace, 'path'>,
  { problems, text }: { problems: readonly Problem[]; text: string },
  style: Style,
): string {
  return `${printProblems(problems, new Map([[path, text]]), style).trimEnd()}\n`;
}
