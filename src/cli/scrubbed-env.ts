import type { SecretDeclaration } from '../playbook/types.ts';

/**
 * The environment of programs during undo and rollback: enough to reach the engine, and nothing that a Compose file
 * could resolve to something else than what was frozen.
 */
export function scrubbedEnv(
  env: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, SecretDeclaration>>,
): Record<string, string> {
  const named = Object.values(secrets).flatMap((source) => ('environment' in source ? [source.environment] : []));
  const stays = (name: string) => KEPT.has(name.toUpperCase()) || name.startsWith('DOCKER_') || named.includes(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => stays(name)));
}

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
