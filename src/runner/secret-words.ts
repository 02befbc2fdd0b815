const NAMES =
  /(^|[_-])(password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)$/i;

/** Whether what is called so is most likely a secret; `DB_PASSWORD_FILE` names a file that holds one. */
export function isSecretName(name: string): boolean {
  return NAMES.test(name);
}
