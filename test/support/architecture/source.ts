import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

/** One source file: its path from the repository's folder, and its text. */
export type Source = { path: string; text: string };

export type Import = {
  /** As written: `../errors.ts`, `node:fs`, `yaml`. */
  written: string;
  /** The file it means, from the repository's folder; as written for packages. */
  target: string;
  /** `import type`: gone at run time. */
  typeOnly: boolean;
  /** `import('…')`: loaded only when reached. */
  lazy: boolean;
};

/** Every TypeScript file below the folders. */
export function readSources(root: string, folders: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') })),
  );
}

export function importsOf(source: Source): Import[] {
  const code = withoutComments(source.text);
  const found = [...code.matchAll(statement)].map(([, keyword = '', clause = '', written = '']) => ({
    written,
    lazy: false,
    typeOnly: /^\s*type\s/.test(clause) || (keyword === 'import' && onlyTypes(clause)),
  }));
  const lazy = [...code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)].map(([, written = '']) => ({
    written,
    lazy: true,
    typeOnly: false,
  }));
  return [...found, ...lazy].map((each) => ({ ...each, target: resolve(source.path, each.written) }));
}

const statement = /(?<=^|[;\n])\s*(import|export)\s+((?:[^'";]*?\sfrom\s+)?)'([^']+)'/g;

/** `import { type A, type B } from …` */
function onlyTypes(clause: string): boolean {
  const names = /^\{([^}]*)\}\s*from\s*$/.exec(clause.trim())?.[1]?.split(',');
  return names?.every((name) => name.trim() === '' || name.trim().startsWith('type ')) ?? false;
}

function resolve(from: string, written: string): string {
  return written.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), written)) : written;
}

/** Without comments and without the text of strings: what is left is what the program does. */
export function codeOnly(text: string): string {
  return withoutComments(text).replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{}(),])\/\/[^\n]*/g, '$1');
}
