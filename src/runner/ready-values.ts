import type { Context, SecretRef } from './contract.ts';

/** A map of texts of which some are secrets, as variables and headers are, with the secrets' values in their place. */
export async function readyValues(
  values: Readonly<Record<string, string | SecretRef>>,
  context: Pick<Context, 'secret'>,
): Promise<Record<string, string>> {
  const ready: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    ready[name] = typeof value === 'string' ? value : await context.secret(value);
  }
  return ready;
}
