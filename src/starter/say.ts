import { clean } from '../report/clean.ts';
import { printTable } from '../report/table.ts';
import type { StackSurvey, SurveyedService } from '../runner/stack-survey.ts';

/** One line per service: what of it matters to whoever deploys it. */
export function foundLines(survey: StackSurvey): string[] {
  return printTable(
    ['', '', ''],
    clean(survey).services.map((service) => [service.name, service.image, traits(service).join(' · ')]),
  ).slice(1);
}

/** What is worth doing in the Compose file, each as lines: why, then what to write. */
export function advice(survey: StackSurvey): string[][] {
  const { services } = clean(survey);
  return [
    ...services.filter((service) => !service.job && !service.ended && isUnwatched(service)).map(withoutHealthcheck),
    ...services
      .filter(({ ended }) => ended)
      .map(({ name }) => [
        `${name} has ended well, and nothing says that it is a job: a deploy would wait for it to run. If it is one:`,
        'x-playbook: { job: true }',
      ]),
    ...unmarkedEdge(services),
  ];
}

function traits({ built, replicas, job, health, keeps, edge, published }: SurveyedService): string[] {
  const ports = [...new Set(published.map(({ port }) => port))].join(', ');
  return [
    ...(job ? ['job'] : []),
    ...(built ? ['built here'] : []),
    ...(replicas > 1 ? [`${replicas} replicas`] : []),
    ...(ports === '' ? [] : [`publishes ${ports}`]),
    ...(edge === undefined ? [] : [`behind ${edge}`]),
    ...(keeps.length === 0 ? [] : [`keeps ${keeps.join(', ')}`]),
    ...(job
      ? []
      : [{ file: 'healthcheck', image: "its image's healthcheck", none: 'no healthcheck', unknown: '' }[health]]),
  ].filter((trait) => trait !== '');
}

/** Well-known images bring none: that is known before they are here. */
function isUnwatched({ health, healthcheck }: SurveyedService): boolean {
  return health === 'none' || (health === 'unknown' && healthcheck !== undefined);
}

function withoutHealthcheck({ name, healthcheck }: SurveyedService): string[] {
  return [
    `${name} has no healthcheck, so "it runs" is all that can be known of it.${healthcheck === undefined ? '' : ' For its image:'}`,
    ...(healthcheck === undefined ? [] : [healthcheck]),
  ];
}

/** A proxy that publishes a port, and nothing that stands behind it by mark: updates lose requests that they need not lose. */
function unmarkedEdge(services: readonly SurveyedService[]): string[][] {
  if (services.some(({ edge }) => edge !== undefined)) return [];
  const proxy = services.find((service) => service.proxy && service.published.length > 0);
  if (!proxy || services.length < 2) return [];
  return [
    [
      `${proxy.name} looks like a proxy: docs/edge.md says how services behind it are updated without losing a request.`,
    ],
  ];
}
