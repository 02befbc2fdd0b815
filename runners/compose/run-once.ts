import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal, StepFailure } from '../../src/errors.ts';
import type { Change, Look, RunContext, SecretRef } from '../../src/runner/contract.ts';
import { readyValues } from '../../src/runner/ready-values.ts';
import { composeChanger } from '../clients/compose.ts';
import { dockerChanger } from '../clients/docker.ts';
import { desiredStack } from '../stack/desired.ts';
import type { DesiredService } from '../stack/model.ts';

export type RunParams = {
  service: string;
  argv?: string[];
  env?: Record<string, string | SecretRef>;
  user?: string;
  working_dir?: string;
};

/** That it was started, and under which name; values of its environment stay out. */
export type RunReceipt = { service: string; container: string };

export type RunOutputs = { exit_code: number; output: string; took_ms: number; say: string };

/** The one command; refuses a service that the files do not have. */
export async function planOnce({ service, argv }: RunParams, look: Look): Promise<Change[]> {
  await findService(service, look);
  const command = argv === undefined ? 'its own command' : argv.join(' ');
  return [
    { verb: 'execute', target: `${service}: ${command}`, because: ['the playbook says so'], certainty: 'certain' },
  ];
}

export async function runOnce(params: RunParams, context: RunContext<RunReceipt>): Promise<RunOutputs> {
  const { look } = context;
  const { project, frozen } = await desiredStack(look);
  const service = await findService(params.service, look);
  const [compose, docker] = await Promise.all([composeChanger(context), dockerChanger(context)]);
  if (!(await docker.image(service.image))) throw imageMissing(service);
  const file = look.frozen ?? join(context.folder, 'compose-to-run.json');
  if (look.frozen === undefined) await writeFile(file, frozen, { mode: 0o600 });
  const container = `${project}-${service.name}-run-${context.run}`;
  const env = await readyValues(params.env ?? {}, context);
  await context.record({ service: service.name, container });
  await removeOneOff(container, context);
  const started = context.clock.now();
  try {
    const onLine = (line: string) => context.log(line);
    const ended = await compose.run(file, argumentsOf(params, container), { env, onLine });
    if (ended.exitCode !== 0) throw wrongExit(service.name, ended);
    const output = ended.lines.slice(-40).join('\n');
    const took_ms = context.clock.now() - started;
    return { exit_code: 0, output, took_ms, say: `the command in ${service.name} ended well` };
  } finally {
    // Compose removes it, but not where it was told to stop.
    if (context.signal.aborted) await removeOneOff(container, { ...context, signal: AbortSignal.timeout(20_000) });
  }
}

async function findService(name: string, look: Look): Promise<DesiredService> {
  const { services, order } = await desiredStack(look);
  const service = services[name];
  if (service) return service;
  throw new Refusal('no-go', `There is no service ${name} in the Compose files.`, {
    hint: `Services: ${order.join(', ')}.`,
  });
}

/** Without its dependencies: what `compose.up` has not started, a one-off command must not start unasked. */
function argumentsOf(params: RunParams, container: string): string[] {
  const { service, argv = [], env = {}, user, working_dir } = params;
  return [
    '--rm',
    '--no-deps',
    '--no-TTY',
    '--name',
    container,
    ...Object.keys(env).flatMap((name) => ['--env', name]),
    ...(user === undefined ? [] : ['--user', user]),
    ...(working_dir === undefined ? [] : ['--workdir', working_dir]),
    '--',
    service,
    ...argv,
  ];
}

/** What an attempt that was cut left behind: it has the name. */
async function removeOneOff(container: string, context: RunContext<RunReceipt>): Promise<void> {
  const docker = await dockerChanger(context);
  const left = await docker.container(container);
  if (!left) return;
  if (left.State.Running) await docker.stop(left.Id, 5);
  await docker.remove(left.Id, { anonymousVolumes: true });
  // The engine removes it by itself, too, and answers before it is gone: until then the next attempt cannot have the name.
  while (await docker.container(left.Id)) await context.clock.sleep(100, context.signal);
}

function imageMissing({ name, image }: DesiredService): StepFailure {
  return new StepFailure(`The image ${image} of ${name} is not here.`, {
    class: 'not-found',
    hint: 'Let compose.pull or compose.build stand before this step.',
  });
}

function wrongExit(service: string, ended: { exitCode: number; lines: string[] }): StepFailure {
  const last = ended.lines.at(-1);
  const message = `The command in ${service} ended with exit code ${ended.exitCode}`;
  return new StepFailure(`${message}${last === undefined ? '' : `: ${last}`}`, {
    class: 'exit',
    lines: ended.lines.slice(-20),
  });
}
