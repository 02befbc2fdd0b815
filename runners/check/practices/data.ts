import { isSecretName } from '../../../src/runner/secret-words.ts';
import type { Finder } from './subject.ts';

/** What is kept, and what is kept secret. */

export const volumeAnonymous: Finder = ({ config, image }) => {
  const mounts = config.volumes ?? [];
  const own = mounts.filter(({ type, source }) => type === 'volume' && !source).map(({ target }) => target);
  const places = new Set([...mounts, ...tmpfsOf(config['tmpfs'])].map(({ target }) => target));
  const ofImage = (image?.volumes ?? []).filter((target) => !places.has(target));
  return [...own, ...ofImage].map((target) => ({
    say: `keeps ${target} in a volume without a name`,
    at: ['volumes', target],
  }));
};

export const secretInEnvironment: Finder = ({ config, written }) =>
  Object.entries(config.environment ?? {})
    .filter(([name, value]) => isSecretName(name) && typeof value === 'string' && value !== '')
    .filter(([name]) => isLiteral(name, written(['environment', name])))
    .map(([name]) => ({ say: `has ${name} in clear`, at: ['environment', name] }));

/** What a variable brings, and what an env file brings, does not stand in the Compose file. */
function isLiteral(name: string, written: string | undefined): boolean {
  if (written === undefined) return false;
  const value = written.startsWith(`${name}=`) ? written.slice(name.length + 1) : written === name ? '' : written;
  return value !== '' && !/\$(\w|\{)/.test(value.replaceAll('$$', ''));
}

function tmpfsOf(tmpfs: unknown): { target: string }[] {
  const list = Array.isArray(tmpfs) ? tmpfs : tmpfs === undefined ? [] : [tmpfs];
  return list.map((each) => ({ target: String(each).split(':')[0] ?? '' }));
}
