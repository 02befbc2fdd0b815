/**
 * Takes values out of a program's output that its environment marks as secret by name, and passwords out of addresses.
 * The engine masks known secrets everywhere; this catches those that only the shell knows.
 */
export function maskOutput(text: string, env: Readonly<Record<string, string>>): string {
  let masked = text.replace(/(\w+:\/\/[^\s/:@]*):[^\s/@]+@/g, '$1:***@');
  for (const [name, value] of Object.entries(env)) {
    if (value.length >= 6 && secretName.test(name)) masked = masked.replaceAll(value, '***');
  }
  return masked;
}

const secretName = /PASS(WORD|WD|PHRASE)?|SECRET|TOKEN|(API|PRIVATE|ACCESS|SIGNING|ENCRYPTION)_?KEY|CREDENTIAL/i;
