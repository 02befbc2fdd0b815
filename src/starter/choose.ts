import type { StackSurvey, SurveyedService } from '../runner/stack-survey.ts';

/** The shipped playbooks that change a stack, and so can be begun with. */
export const TEMPLATES = ['deploy-stack', 'rolling-update', 'blue-green'] as const;

export type Template = (typeof TEMPLATES)[number];

/** Where an edge is marked, services can be replaced without losing a request; everything else is deployed whole. */
export function templateFor({ services }: StackSurvey): Template {
  return services.some(({ edge }) => edge !== undefined) ? 'rolling-update' : 'deploy-stack';
}

/** An address that may tell whether the stack serves; where its service does not run, whoever answers is somebody else. */
export type SmokeCandidate = { url: string; running: boolean };

/** The likeliest first: ports that speak HTTP by custom, proxies before others. */
export function smokeCandidates({ services }: StackSurvey): SmokeCandidate[] {
  const ports = services.flatMap((service) =>
    service.published.map((port) => ({ ...port, running: service.running, rank: rankOf(service, port.target) })),
  );
  const spoken = ports.filter(({ rank }) => rank < NOT_HTTP).toSorted((a, b) => a.rank - b.rank);
  return spoken.map(({ address, port, running }) => ({
    url: `http://${hostOf(address)}${port === 80 ? '' : `:${port}`}/`,
    running,
  }));
}

const NOT_HTTP = 100;
const USUAL = [80, 8080, 3000, 8000, 5000, 8081, 9000, 4000, 8888];
/** TLS, mail, DNS, SSH, and the ports of databases, caches and brokers. */
const OTHERS = new Set([
  443, 8443, 22, 25, 53, 110, 143, 465, 587, 993, 1433, 1883, 3306, 5432, 5672, 6379, 11211, 27017,
]);

function rankOf({ proxy }: SurveyedService, target: number): number {
  if (OTHERS.has(target)) return NOT_HTTP;
  const usual = USUAL.indexOf(target);
  return (proxy ? 0 : 20) + (usual === -1 ? USUAL.length : usual);
}

function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
