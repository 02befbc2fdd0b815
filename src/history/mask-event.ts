import type { RunEventBody } from '../engine/events.ts';
import type { Json } from '../runner/schema.ts';

/** The event with every secret taken out of its texts. Names that the fold goes by stay: a secret may read like one. */
export function maskEvent(event: RunEventBody, mask: (text: string) => string): RunEventBody {
  return maskStructure(event, mask);
}

/** The same of anything that has the names of events and plans as its keys. */
export function maskStructure<T>(value: T, mask: (text: string) => string): T {
  return masked(value as Json, mask, 'structure') as T;
}

/** Keys whose values the fold compares, finds by or shows as what they are; free text never stands there. */
const names: ReadonlySet<string> = new Set(
  `type phase step uses status cause class verdict id until what release playbook file project engine_id plan_id
   process by started_by commit ref name overridden_by`.split(/\s+/),
);

/** What comes from users and actions: in there, a key says nothing about its value. */
const data: ReadonlySet<string> = new Set(['inputs', 'outputs', 'evidence']);

function masked(value: Json, mask: (text: string) => string, within: 'structure' | 'data'): Json {
  if (typeof value === 'string') return mask(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => masked(item, mask, within));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (item === undefined || (within === 'structure' && names.has(key))) return [key, item];
      return [key, masked(item, mask, data.has(key) ? 'data' : within)];
    }),
  );
}
