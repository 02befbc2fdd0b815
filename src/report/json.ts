import { jsonText } from './gate.ts';
import type { Reporter, ReporterOptions } from './view.ts';

/** One event per line, as it is stored (`schemas/event.schema.json`). What is shown only while it lasts is left out. */
export function jsonReporter({ out }: Pick<ReporterOptions, 'out'>): Reporter {
  return {
    watch(event) {
      if ('seq' in event) out(`${jsonText(event)}\n`);
    },
    close() {},
  };
}
