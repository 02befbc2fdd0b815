import { readFile, stat } from 'node:fs/promises';
import type { Json, Look } from '../../src/runner/contract.ts';
import type { ComposeModel, ComposeSource } from '../clients/compose-types.ts';
import { isSecretName, passwordsIn } from '../clients/mask-output.ts';
import { unescaped } from '../clients/unescaped.ts';
import { renderedStack } from './rendered.ts';
import { sourceVariables, type Variables } from './source-variables.ts';

/** What a file of a secret may hold at most to be looked for in texts: keys and passwords, not archives. */
const largest = 64 * 1024;

/**
 * Values that the Compose files treat as secret: of its secrets, of variables and build arguments with a telling name, and
 * passwords in addresses. Containers and builds print such things, and their lines get into errors and logs.
 */
export async function secretValues(look: Look): Promise<string[]> {
  const { full } = await renderedStack(look);
  return secretsAmong(full, await spokenByAll(full, await variablesFor(full, look)));
}

/** A run under way, and its undo, must not fail for an .env that is broken by now: what is not known cannot be shown either. */
async function variablesFor(model: ComposeModel, look: Look): Promise<Variables> {
  if (look.frozen === undefined) return sourceVariables(model, look);
  return sourceVariables(model, look).catch(() => ({ ...look.env, ...look.target.env }));
}

type Written = {
  /** The rendered Compose file; undefined where the run came to none. */
  compose: string | undefined;
  /** Inspects, receipts, inputs: JSON in which a value stands under its name, or behind it (`NAME=value`). */
  others: readonly string[];
  env: Readonly<Record<string, string>>;
};

/** The same of a run that is over, from what it has written down: old values too, which no Compose file holds any more. */
export async function secretsWrittenIn({ compose, others, env }: Written): Promise<string[]> {
  const model = (compose === undefined ? { name: '', services: {} } : JSON.parse(compose)) as ComposeModel;
  const told = others.flatMap((text) => underTellingNames(JSON.parse(text) as Json));
  return secretsAmong(model, [...(await spokenByAll(model, env)), ...told]);
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

function underTellingNames(value: Json): string[] {
  if (typeof value === 'string') {
    const [, name = '', behind = ''] = /^([\w.-]+)=(.+)$/s.exec(value) ?? [];
    return isSecretName(name) ? [behind, ...passwordsIn(value)] : passwordsIn(value);
  }
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(underTellingNames);
  return Object.entries(value).flatMap(([name, item]) => {
    // `{ secret: name }` says which one, not what it is.
    const isTold = typeof item === 'string' && name !== 'secret' && isSecretName(name);
    return isTold ? [item, ...passwordsIn(item)] : underTellingNames(item ?? null);
  });
}

async function spokenByAll({ secrets = {} }: ComposeModel, env: Written['env']): Promise<string[]> {
  return (await Promise.all(Object.values(secrets).map((source) => spokenBy(source, env)))).flat();
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
