import type { Look } from '../../src/runner/contract.ts';
import { composeReader } from '../clients/compose.ts';
import type { ComposeModel } from '../clients/compose-types.ts';

/** By name; what is set nowhere is left out. */
export type Variables = Readonly<Record<string, string>>;

/**
 * Values of the variables that configs and secrets are made of (`environment: NAME`), as Compose has them: the shell's and
 * the target's, else those of `.env` or the env files.
 */
export async function sourceVariables(
  model: Pick<ComposeModel, 'secrets' | 'configs'>,
  look: Look,
): Promise<Variables> {
  const names = sourceNames(model);
  const shell: Variables = { ...look.env, ...look.target.env };
  // Compose is only asked where it must be: an undo should need no more of the world than it has to.
  if (names.every((name) => shell[name] !== undefined)) return picked(shell, names);
  return look.resources.once(`stack.variables:${names.join()}`, async () => (await composeReader(look)).values(names));
}

function sourceNames({ secrets = {}, configs = {} }: Pick<ComposeModel, 'secrets' | 'configs'>): string[] {
  const sources = [...Object.values(secrets), ...Object.values(configs)];
  return [...new Set(sources.flatMap(({ environment }) => environment ?? []))].sort();
}

function picked(all: Variables, names: readonly string[]): Variables {
  return Object.fromEntries(names.map((name) => [name, all[name] ?? '']));
}
