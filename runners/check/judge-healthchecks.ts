import type { Judgement, Look } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { desiredStack } from '../stack/desired.ts';
import { type Healthcheck, serviceHealthcheck, timeToUnhealthy } from '../stack/healthcheck.ts';
import { listed, sayDuration } from '../stack/words.ts';

/** Looks at the healthchecks of the files and of the images that are here. */
export async function judge(look: Look): Promise<Judgement> {
  const [docker, desired] = await Promise.all([dockerReader(look), desiredStack(look)]);
  const services = Object.values(desired.services).filter((service) => !service.job && service.replicas > 0);
  const checks = services.map(async ({ name, config, image: reference }): Promise<ServiceCheck> => {
    const image = await docker.image(reference);
    const check = serviceHealthcheck(config.healthcheck, image?.Config?.Healthcheck);
    const disabled = config.healthcheck?.disable === true;
    return { service: name, known: image !== undefined || check !== undefined || disabled, ...(check && { check }) };
  });
  return decideHealthchecks(await Promise.all(checks));
}

/** `known` is false where only an image that is not here yet could tell. */
export type ServiceCheck = { service: string; known: boolean; check?: Healthcheck };

/** From here on an answer comes so late that a deploy seems to hang. */
const late = 5 * 60_000;

/** Pure. */
export function decideHealthchecks(services: readonly ServiceCheck[]): Judgement {
  const without = services.filter(({ known, check }) => known && !check).map(({ service }) => service);
  const unknown = services.filter(({ known }) => !known).map(({ service }) => service);
  const remarks = [
    ...(without.length > 0
      ? [`${listed(without)} ${has(without)} no healthcheck: "it runs" is all that can be known`]
      : []),
    ...(unknown.length > 0
      ? [`whether ${listed(unknown)} ${has(unknown)} one is not known before the image is here`]
      : []),
    ...services.flatMap(timingRemarks),
  ];
  const evidence = Object.fromEntries(services.map(({ service, check }) => [service, check ? { ...check } : null]));
  if (remarks.length === 0) return { verdict: 'go', say: sayAll(services), evidence };
  const hint =
    without.length > 0 ? 'Add a healthcheck to the Compose file: it decides whether a deploy is good.' : undefined;
  return { verdict: 'warn', say: `${remarks.join('; ')}.`, ...(hint && { hint }), evidence };
}

function timingRemarks({ service, check }: ServiceCheck): string[] {
  if (!check) return [];
  const remarks: string[] = [];
  if (check.start_interval !== undefined && check.start_period === 0) {
    remarks.push(`the start_interval of ${service} does nothing without a start_period`);
  }
  const needed = timeToUnhealthy(check);
  if (needed > late) {
    remarks.push(`the healthcheck of ${service} can take ${sayDuration(needed)} to say that it is unhealthy`);
  }
  return remarks;
}

function sayAll(services: readonly ServiceCheck[]): string {
  if (services.length === 0) return 'there is no service that would need one.';
  return services.length === 1
    ? `${services[0]?.service} has a healthcheck.`
    : `all ${services.length} services have a healthcheck.`;
}

function has(names: readonly string[]): string {
  return names.length === 1 ? 'has' : 'have';
}
