import { Refusal, StepFailure } from '../../src/errors.ts';
import type { Change, Context, Done, Look, RunContext } from '../../src/runner/contract.ts';
import { commitOfFolder, type GitMove } from '../clients/git-folder.ts';
import { makeMove, undoMove } from '../clients/git-move.ts';
import type { CheckoutOutputs, CheckoutParams } from './checkout.ts';

/** The folder is on the commit already: everything else of the plan has been read from its files. */
export async function planCheckout(params: CheckoutParams, { env }: Look): Promise<Change[]> {
  const { repository, folder, commit } = params;
  if ((await commitOfFolder(repository, folder, env)) !== commit)
    throw new Refusal('no-go', `${folder} is not on ${short(commit)}, which this run is about.`, {
      hint: 'Only a git hook can begin with git.checkout: it puts the folder on the commit before it plans.',
    });
  const because = [params.from === undefined ? 'it was no checkout before' : `it was on ${short(params.from)}`];
  return [
    { verb: 'checkout', target: folder, because, certainty: 'certain', binds: { [`checkout ${folder}`]: commit } },
  ];
}

/** Once it is on record, the run answers for the folder, and no longer the hook that began it. */
export async function runCheckout(params: CheckoutParams, context: RunContext<GitMove>): Promise<CheckoutOutputs> {
  const { repository: git_dir, folder, commit: to, from = null, made = [], umask } = params;
  const move = { git_dir, folder, from, to, made, umask };
  await context.record(move);
  const { env } = context.look;
  if ((await commitOfFolder(git_dir, folder, env)) !== to) await asStep(() => makeMove(move, env));
  const say = from === null ? `${folder} is on ${short(to)}` : `${folder} is on ${short(to)}, was on ${short(from)}`;
  return { commit: to, say };
}

export async function undoCheckout(move: GitMove, { look }: Context): Promise<Done> {
  await asStep(() => undoMove(move, look.env));
  return { say: `${move.folder} is ${move.from === null ? 'no checkout any more' : `back on ${short(move.from)}`}` };
}

/** Git that fails is no engine that is away: nobody should wait for it. */
async function asStep(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message, hint } = error;
    throw new StepFailure(message, { class: 'conflict', cause: error, ...(hint !== undefined && { hint }) });
  }
}

function short(commit: string): string {
  return commit.slice(0, 7);
}
