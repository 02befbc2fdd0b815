/** `5 s`, `1.4 s`, `1 min 30 s`: a span as sentences say it. */
export function sayDuration(ms: number): string {
  if (ms < 1000) return ms === 0 ? '0 s' : `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${trimZero((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return twoUnits(seconds, 60, ['min', 's']);
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return twoUnits(minutes, 60, ['h', 'min']);
  return `${Math.round(minutes / 60 / 24)} days`;
}

/** `320 MB`, `1.1 GB`: bytes as people count them (1 GB = 1024 MB). */
export function sayBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let amount = bytes;
  let unit = 0;
  while (Math.abs(amount) >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = amount < 10 && unit > 1 ? 1 : 0;
  return `${trimZero(amount.toFixed(digits))} ${units[unit]}`;
}

/** `web`, `web and api`, `web, api and db`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined) return 'none';
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** `1 service`, `3 services`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Of a release whose images are all here. */
export function allHere(images: number): string {
  return images === 1 ? 'its image is here' : `${images} of ${images} images are here`;
}

function twoUnits(amount: number, size: number, [large, small]: [string, string]): string {
  const rest = amount % size;
  const whole = `${Math.floor(amount / size)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, '');
}
