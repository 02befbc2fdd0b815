import type { Level, Place } from '../../src/errors.ts';
import type { ComposePlaces } from '../clients/compose-places.ts';
import type { ComposeService } from '../clients/compose-types.ts';
import { serviceHealthcheck } from '../stack/healthcheck.ts';
import { FINDERS } from './practices/all.ts';
import type { Subject } from './practices/subject.ts';
import { PRACTICES } from './practices/words.ts';
import type { PracticeId } from './practices.ts';

/** One thing that one service does not do as it should. */
export type Finding = { practice: PracticeId; level: Level; service: string; say: string; place?: Place };

/** A service of the resolved files, and what its image brings where it is here. */
export type Known = { name: string; config: ComposeService; job: boolean; edge: boolean; brings: Subject['image'] };

export type Located = { places: ComposePlaces; log_driver: string };

export function subjectsOf(services: readonly Known[], { places, log_driver }: Located): Subject[] {
  const healthy = new Set(services.filter(hasHealthcheck).map(({ name }) => name));
  return services.map(({ name, config, job, edge, brings }) => ({
    name,
    config,
    job,
    edge,
    image: brings,
    log_driver,
    healthcheck: (service) => healthy.has(service),
    written: (path) => places.written(['services', name, ...path]),
  }));
}

/** Every practice over every service: the worst first, then by name. Pure. */
export function findPractices(subjects: readonly Subject[], places: ComposePlaces): Finding[] {
  const found = (Object.keys(PRACTICES) as PracticeId[]).flatMap((practice) =>
    subjects.flatMap((subject) =>
      FINDERS[practice](subject).map(({ say, at }): Finding => {
        const place = places.place(['services', subject.name, ...at]);
        return { practice, level: PRACTICES[practice].level, service: subject.name, say, ...(place && { place }) };
      }),
    ),
  );
  return found.toSorted((left, right) => LEVELS.indexOf(left.level) - LEVELS.indexOf(right.level));
}

/** From bad to harmless. */
export const LEVELS: readonly Level[] = ['error', 'warning', 'notice'];

function hasHealthcheck({ config, brings }: Known): boolean {
  return brings?.healthcheck ?? serviceHealthcheck(config.healthcheck, undefined) !== undefined;
}
