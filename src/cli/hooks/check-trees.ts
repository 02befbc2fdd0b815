import type { Problem } from '../../errors.ts';
import { loadPlaybook } from '../../playbook/load.ts';
import { printProblems } from '../../report/problem.ts';
import type { Io } from '../io.ts';
import { type openGit, openRegistry } from '../wire.ts';

export type Git = Awaited<ReturnType<typeof openGit>>;

/** Some files of a commit, or of the index where it is left out. */
export type Tree = { tree?: string; paths: readonly string[] };

/** Checks playbooks as they stand in commits; says every problem, and gives the number of playbooks that have an error. */
export async function checkTrees(trees: readonly Tree[], git: Git, io: Io): Promise<number> {
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { tree, paths } of trees) {
    for (const file of paths) {
      const text = await git.text(file, tree);
      if (text === undefined || texts.get(file) === text) continue;
      texts.set(file, text);
      problems.push(...(await loadPlaybook({ file, text }, openRegistry())).problems);
    }
  }
  if (problems.length > 0) io.err(`${printProblems(problems, texts, io.style).trimEnd()}\n`);
  const wrong = problems.filter(({ level }) => level !== 'warning');
  return new Set(wrong.map(({ place }) => place?.file)).size;
}
