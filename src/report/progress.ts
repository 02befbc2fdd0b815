import type { Glimpse } from '../engine/events.ts';

/** From here on a share says more than two numbers: milliseconds, bytes. */
const many = 1000;

/** How far something is: `pulling shop/web (3/7)`, `watching (42 %)`. */
export function sayProgress({ say, done, total }: Glimpse & { type: 'progress' }): string {
  if (done === undefined || total === undefined || total <= 0) return say;
  if (total < many) return `${say} (${done}/${total})`;
  return `${say} (${Math.min(100, Math.floor((100 * done) / total))} %)`;
}
