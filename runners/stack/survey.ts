import { relative } from 'node:path';
import type { Look } from '../../src/runner/contract.ts';
import type { StackSurvey, SurveyedService } from '../../src/runner/stack-survey.ts';
import { composeReader } from '../clients/compose.ts';
import { dockerReader } from '../clients/docker.ts';
import { splitTag } from '../clients/image-name.ts';
import { isLive } from './container.ts';
import { desiredStack } from './desired.ts';
import { engineHealthcheck, serviceHealthcheck } from './healthcheck.ts';
import { knownHealthcheck } from './known-healthcheck.ts';
import type { DesiredService, ObservedContainer } from './model.ts';
import { observedStack } from './observed.ts';

/** What is found of the stack, for whoever writes a playbook for it. Reads only. */
export async function surveyStack(look: Look): Promise<StackSurvey> {
  const desired = await desiredStack(look);
  const [observed, files] = await Promise.all([
    observedStack(look, desired.project),
    composeReader(look).then((compose) => compose.files()),
  ]);
  const services = desired.order.flatMap((name) => desired.services[name] ?? []);
  return {
    project: desired.project,
    files: files.map((file) => relative(look.target.directory, file)),
    services: await Promise.all(services.map((each) => surveyed(each, observed.services[each.name] ?? [], look))),
  };
}

async function surveyed(
  service: DesiredService,
  containers: readonly ObservedContainer[],
  look: Look,
): Promise<SurveyedService> {
  const { name, image, replicas, job, marks, config } = service;
  const health = await healthOf(service, look);
  const suggestion = health === 'none' || health === 'unknown' ? knownHealthcheck(image, config) : undefined;
  const ended = !job && containers.length > 0 && containers.every(({ inspect }) => endedWell(inspect));
  return {
    name,
    image,
    built: config.build !== undefined,
    replicas,
    job,
    health,
    keeps: (config.volumes ?? []).flatMap(({ type, source, read_only }) =>
      type === 'volume' && source && !read_only ? [source] : [],
    ),
    proxy: /^(haproxy|caddy|nginx|nginx-unprivileged|traefik)$/.test(splitTag(image).repo.split('/').at(-1) ?? ''),
    published: publishedBy(config),
    running: containers.some(isLive),
    ended,
    ...(marks.edge && { edge: marks.edge.driver }),
    ...(suggestion !== undefined && { healthcheck: suggestion }),
  };
}

async function healthOf({ config, image }: DesiredService, look: Look): Promise<SurveyedService['health']> {
  if (config.healthcheck?.test?.length) return serviceHealthcheck(config.healthcheck, undefined) ? 'file' : 'none';
  if (config.healthcheck?.disable) return 'none';
  const here = await (await dockerReader(look)).image(image);
  if (!here) return 'unknown';
  return engineHealthcheck(here.Config?.Healthcheck) ? 'image' : 'none';
}

function publishedBy({ ports = [] }: DesiredService['config']): SurveyedService['published'] {
  return ports.flatMap(({ protocol = 'tcp', host_ip = '', published = '', target }) => {
    const port = Number(published);
    if (protocol !== 'tcp' || !Number.isInteger(port) || port === 0) return [];
    const everywhere = host_ip === '' || host_ip === '0.0.0.0' || host_ip === '::';
    return [{ address: everywhere ? '127.0.0.1' : host_ip, port, target }];
  });
}

function endedWell({ State }: ObservedContainer['inspect']): boolean {
  return State.Status === 'exited' && State.ExitCode === 0;
}
