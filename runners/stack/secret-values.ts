import { readFile, stat } from 'node:fs/promises';
import type { Json, Look } from '../../src/runner/contract.ts';
import type { ComposeModel, ComposeSource } from '../clients/compose-types.ts';
import { isSecretName, passwordsIn } from '../clients/mask-output.ts';
import { unescaped } from './differences-process.ts';
import { renderedStack } from './rendered.ts';

/** What a file of a secret may hold at most to be looked for in texts: keys and passwords, not archives. */
const largest = 64 * 1024;

/**
 * Values that the Compose files treat as secret: of its secrets, of variables and build arguments with a telling name, and
 * passwords in addresses. Containers and builds print such things, and their lines get into errors and logs.
 */
export async function secretValues(look: Look): Promise<string[]> {
  const { full } = await renderedStack(look);
  const env = { ...look.env, ...look.target.env };
  const sources = Object.values(full.secrets ?? {});
  const spoken = await Promise.all(sources.map((source) => spokenBy(source, env)));
  return secretsAmong(full, spoken.flat());
}

/** Short ones and parts of the stack's own names hide nothing, and would only turn every text into stars. */
export function secretsAmong(model: ComposeModel, more: readonly string[] = []): string[] {
  const names = namesOf(model);
  const found = Object.values(model.services).flatMap(({ environment, build }) => [
    ...telling(environment),
    ...telling(build?.['args']),
  ]);
  return [...new Set([...found, ...more])].filter(
    (value) => value.length >= 6 && !names.some((name) => name.includes(value)),
  );
}

function telling(variables: Json | undefined): string[] {
  if (typeof variables !== 'object' || variables === null || Array.isArray(variables)) return [];
  return Object.entries(variables).flatMap(([name, written]) => {
    if (typeof written !== 'string') return [];
    const value = unescaped(written);
    return isSecretName(name) ? [value, ...passwordsIn(value)] : passwordsIn(value);
  });
}

function namesOf({ name, services }: ComposeModel): string[] {
  return [
    name,
    ...Object.entries(services).flatMap(([service, { image, container_name, environment }]) => [
      service,
      image ?? '',
      container_name ?? '',
      ...Object.keys(environment ?? {}),
    ]),
  ];
}

async function spokenBy(source: ComposeSource, env: Readonly<Record<string, string>>): Promise<string[]> {
  if (source.content !== undefined) return [unescaped(source.content)];
  if (source.environment !== undefined) return [env[source.environment] ?? ''];
  const { file } = source;
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || !found?.isFile() || found.size > largest) return [];
  // Who may not read it cannot show it either.
  const text = await readFile(file, 'utf8').catch(() => '');
  return [text.trim()];
}
