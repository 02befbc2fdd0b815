import type { SecretDeclaration } from '../playbook/types.ts';

/**
 * The environment of programs during undo and rollback: enough to reach the engine, and nothing that a Compose file
 * could resolve to something else than what was frozen.
 */
export function scrubbedEnv(
  env: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, SecretDeclaration>>,
  more: readonly string[] = [],
): Record<string, string> {
  const named = Object.values(secrets).flatMap((source) => ('environment' in source ? [source.environment] : []));
  const asked = new Set([...named, ...more]);
  const stays = (name: string) => KEPT.has(name.toUpperCase()) || name.startsWith('DOCKER_') || asked.has(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => stays(name)));
}

/** Names of the variables whose values the secrets and configs of a frozen Compose file are: no file keeps those. */
export function variablesOf(frozen: string): string[] {
  const { secrets = {}, configs = {} } = JSON.parse(frozen) as Sources;
  return [...Object.values(secrets), ...Object.values(configs)].flatMap(({ environment }) => environment ?? []);
}

type Sources = Partial<Record<'secrets' | 'configs', Record<string, { environment?: string }>>>;

const KEPT = new Set([
  'PATH',
  'HOME',
  'SSH_AUTH_SOCK',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'FTP_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
]);
