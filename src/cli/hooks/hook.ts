import { Refusal } from '../../errors.ts';
import type { Invocation } from '../command.ts';
import { openGit } from '../wire.ts';
import { checkTrees, type Git, type Tree } from './check-trees.ts';
import { HOOK_NAMES, type HookName, isHookName } from './names.ts';
import { pushedRefs, type RefChange, receivedRefs } from './ref-lines.ts';

/** `playbook hook NAME`: what the script of an installed hook calls. */
export async function hook(invocation: Invocation): Promise<number> {
  const [name = ''] = invocation.args;
  if (isHookName(name)) return ACTS[name](invocation);
  throw new Refusal('usage', `There is no hook ${name} that playbook could be.`, {
    hint: `There are ${HOOK_NAMES.join(', ')}.`,
  });
}

const ACTS: Record<HookName, (invocation: Invocation) => Promise<number>> = {
  'pre-commit': preCommit,
  'pre-push': prePush,
  'pre-receive': beforeReceiving,
  'post-receive': afterReceiving,
  'post-merge': async (invocation) => (await import('./post-merge.ts')).postMerge(invocation),
};

/** The playbooks of the index, which is what will be committed, whatever the files of the work tree say. */
async function preCommit(invocation: Invocation): Promise<number> {
  const git = await gitOf(invocation);
  const paths = await meant(await git.staged(), invocation, git);
  return refuse([{ paths }], 'commit', invocation, git);
}

async function prePush(invocation: Invocation): Promise<number> {
  const git = await gitOf(invocation);
  const trees: Tree[] = [];
  for (const { from, to } of pushedRefs(await standardInput())) {
    // Deleted, or a tag of something that is no commit.
    if (to === undefined || !(await git.hasCommit(to))) continue;
    const known = from !== undefined && (await git.hasCommit(from));
    const changed = known ? await git.changed(from, to) : undefined;
    trees.push({ tree: to, paths: await meant(changed, invocation, git, to) });
  }
  return refuse(trees, 'push', invocation, git);
}

async function beforeReceiving(invocation: Invocation): Promise<number> {
  const { preReceive } = await import('./pre-receive.ts');
  return preReceive(invocation, receivedRefs(await standardInput()));
}

/** By hand: refs that are named as arguments are deployed as they are now. */
async function afterReceiving(invocation: Invocation): Promise<number> {
  const named = invocation.args.slice(1);
  const changes = named.length > 0 ? await asTheyAre(named, invocation) : receivedRefs(await standardInput());
  const { postReceive } = await import('./post-receive.ts');
  return postReceive(invocation, changes);
}

async function asTheyAre(names: readonly string[], invocation: Invocation): Promise<RefChange[]> {
  const git = await gitOf(invocation);
  const refs = names.map((name) => (name.startsWith('refs/') ? name : `refs/heads/${name}`));
  return Promise.all(
    refs.map(async (ref) => {
      const to = await git.commitOf(ref);
      return { ref, ...(to !== undefined && { to }) };
    }),
  );
}

/** Of the files that changed, or of all where that is not known, those that were named at the installation, or are playbooks. */
async function meant(
  changed: readonly string[] | undefined,
  { flags }: Invocation,
  git: Git,
  tree?: string,
): Promise<string[]> {
  if (changed?.length === 0) return [];
  const candidates = flags.playbook ?? (await git.playbooks(tree));
  return changed === undefined ? [...candidates] : candidates.filter((path) => changed.includes(path));
}

async function refuse(trees: readonly Tree[], what: string, { io }: Invocation, git: Git): Promise<number> {
  const wrong = await checkTrees(trees, git, io);
  if (wrong === 0) return 0;
  const count = wrong === 1 ? 'a playbook has' : `${wrong} playbooks have`;
  io.err(`The ${what} is refused: ${count} problems. \`git ${what} --no-verify\` goes past this check.\n`);
  return 2;
}

function gitOf({ io }: Invocation): Promise<Git> {
  return openGit({ cwd: io.cwd, env: io.env });
}

async function standardInput(): Promise<string> {
  const { text } = await import('node:stream/consumers');
  return text(process.stdin);
}
