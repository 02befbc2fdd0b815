/**
 * Settings as text, so that what a file wants and what the engine says can be compared: what is not set, empty, false or 0
 * is the empty text on both sides, and the order of a list does not count.
 */
export function words(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function truth(value: unknown): string {
  return value === true ? 'true' : '';
}

/** Compose prints some amounts as texts. */
export function amount(value: unknown): string {
  const number = Number(value ?? 0);
  return number === 0 ? '' : String(number);
}

export function listed(value: unknown, say: (entry: unknown) => string = String): string {
  return list(value).map(say).toSorted().join('\n');
}

export function pairs(value: unknown): string {
  return listed(Object.entries(entries(value)), (entry) => (entry as [string, unknown]).map(String).join('='));
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function entries(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
