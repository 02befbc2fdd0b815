import { accessSync, constants, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StepFailure } from '../errors.ts';
import type { SecretDeclaration } from '../playbook/types.ts';
import type { SecretRef } from '../runner/contract.ts';
import { plainText } from '../runner/plain-text.ts';

/** The secrets of a playbook. What was read is taken out of every text from then on. */
export type Secrets = {
  value(ref: SecretRef): Promise<string>;
  /** Reads those that can be had: a program may say one before any step has asked for it. */
  learn(): Promise<void>;
  /** Takes these out of every text, too: what the Compose files treat as secret. */
  hide(values: readonly string[]): void;
  mask(text: string): string;
};

export type SecretSources = {
  declared: Readonly<Record<string, SecretDeclaration>>;
  env: Readonly<Record<string, string>>;
  /** Relative paths of `file:` count from here. */
  directory: string;
};

export function createSecrets(sources: SecretSources): Secrets {
  let hidden: readonly string[] = [];
  const values = new Map<string, string>();
  const hide = (more: readonly string[]) => {
    hidden = [...new Set([...hidden, ...more.flatMap(forms)])].sort((one, other) => other.length - one.length);
  };
  const value = async ({ secret }: SecretRef) => {
    const known = values.get(secret);
    if (known !== undefined) return known;
    const read = await readSecret(secret, sources);
    values.set(secret, read);
    hide([read]);
    return read;
  };
  return {
    value,
    async learn() {
      const names = Object.keys(sources.declared).filter((name) => isAtRest(name, sources));
      // One that cannot be had is told of by whoever asks for it.
      await Promise.all(names.map((secret) => value({ secret }).catch(() => undefined)));
    },
    hide,
    mask: (text) => hidden.reduce((left, value) => left.replaceAll(value, '***'), text),
  };
}

/** A pipe gives what it has once, and may keep whoever reads it waiting: it is read when it is asked for. */
function isAtRest(name: string, { declared, directory }: SecretSources): boolean {
  const source = declared[name];
  if (source === undefined || 'environment' in source) return source !== undefined;
  return statSync(resolve(directory, source.file), { throwIfNoEntry: false })?.isFile() ?? false;
}

async function readSecret(name: string, { declared, env, directory }: SecretSources): Promise<string> {
  const source = declared[name];
  if (source === undefined) throw unreadable(name, 'the playbook does not declare it under secrets');
  if ('environment' in source) {
    const value = env[source.environment];
    if (value === undefined) throw unreadable(name, `the variable ${source.environment} is not set`);
    return value;
  }
  const file = resolve(directory, source.file);
  try {
    // Editors and `echo` end a file with a line feed that is no part of the secret.
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw unreadable(name, `${file} cannot be read`, error);
  }
}

function unreadable(name: string, reason: string, cause?: unknown): StepFailure {
  return new StepFailure(`The secret ${name} could not be had: ${reason}`, { class: 'not-found', cause });
}

const SHORTEST = 3;
const SHORTEST_LINE = 8;

/** The ways in which a value shows up in texts; very short ones would only turn every text into stars. */
function forms(value: string): string[] {
  const lines = value.includes('\n') ? value.split('\n').filter((line) => line.length >= SHORTEST_LINE) : [];
  // Control characters are taken out of what programs say before a secret in it is looked for.
  return [value, ...lines, plainText(value)]
    .filter((text) => text.length >= SHORTEST)
    .flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text.toWellFormed())]);
}

/** One sentence for each secret that is declared and cannot be had now; nothing is read. */
export function missingSecrets({ declared, env, directory }: SecretSources): string[] {
  return Object.entries(declared).flatMap(([name, source]) => {
    if ('environment' in source)
      return source.environment in env ? [] : [`the secret ${name} cannot be had: ${source.environment} is not set`];
    const file = resolve(directory, source.file);
    return isReadable(file) ? [] : [`the secret ${name} cannot be had: ${file} cannot be read`];
  });
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    // The answer to the question asked; whoever needs the secret meets the reason.
    return false;
  }
}
