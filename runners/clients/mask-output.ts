/**
 * Takes values out of a program's output that its environment marks as secret by name, and passwords out of addresses.
 * The engine masks known secrets everywhere; this catches those that only the shell knows.
 */
export function maskOutput(text: string, env: Readonly<Record<string, string>>): string {
  let masked = text.replace(/(\w+:\/\/[^\s/:@]*):[^\s/@]+@/g, '$1:***@');
  for (const [name, value] of Object.entries(env)) {
    if (value.length >= 6 && isSecretName(name)) masked = masked.replaceAll(value, '***');
  }
  return masked;
}

/** Whether a variable's name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** The passwords in the addresses of a text: `pw` of `postgres://me:pw@db/x`. */
export function passwordsIn(text: string): string[] {
  return [...text.matchAll(/\w+:\/\/[^\s/:@]*:([^\s/@]+)@/g)].map((match) => match[1] ?? '');
}

const secretName = /PASS(WORD|WD|PHRASE)?|SECRET|TOKEN|(API|PRIVATE|ACCESS|SIGNING|ENCRYPTION)_?KEY|CREDENTIAL/i;
