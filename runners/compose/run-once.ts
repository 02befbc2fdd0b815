import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal, StepFailure } from '../../src/errors.ts';
import type { Change, Look, RunContext, SecretRef } from '../../src/runner/contract.ts';
import { readyValues } from '../../src/runner/ready-values.ts';
import { composeChanger } from '../clients/compose.ts';
import type { ComposeModel } from '../clients/compose-types.ts';
import { dockerChanger } from '../clients/docker.ts';
import { desiredStack } from '../stack/desired.ts';
import type { DesiredService } from '../stack/model.ts';
import { type RunReceipt, removeOneOff } from './one-off.ts';

export type RunParams = {
  service: string;
  argv?: string[];
  env?: Record<string, string | SecretRef>;
  user?: string;
  working_dir?: string;
};

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
  const container = `${project}-${service.name}-run-${context.run}-${look.hmac(JSON.stringify(params)).slice(0, 6)}`;
  const { text, env } = withVariables(frozen, service.name, await readyValues(params.env ?? {}, context));
  const file = join(context.folder, 'compose-to-run.json');
  await writeFile(file, text, { mode: 0o600 });
  await context.record({ service: service.name, container });
  await removeOneOff(container, context);
  const started = context.clock.now();
  try {
    const onLine = (line: string) => context.log(line);
    const ended = await compose.run(file, argumentsOf(params, container), { env, onLine });
    // From here on nobody needs its container to know how it ended.
    await context.record({ service: service.name, container, exit_code: ended.exitCode });
    if (ended.exitCode !== 0) throw wrongExit(service.name, ended);
    const output = ended.lines.slice(-40).join('\n');
    const took_ms = context.clock.now() - started;
    return { exit_code: 0, output, took_ms, say: `the command in ${service.name} ended well` };
  } finally {
    await clearAway(container, context);
  }
}

/** A command that has ended well is not a failure because its container cannot be removed: it is settled later. */
async function clearAway(container: string, context: RunContext<RunReceipt>): Promise<void> {
  await removeOneOff(container, { ...context, signal: AbortSignal.timeout(20_000) }).catch((error: unknown) =>
    context.log(`Container ${container} is still there: ${error instanceof Error ? error.message : String(error)}`),
  );
}

async function findService(name: string, look: Look): Promise<DesiredService> {
  const { services, order } = await desiredStack(look);
  const service = services[name];
  if (service) return service;
  throw new Refusal('no-go', `There is no service ${name} in the Compose files.`, {
    hint: `Services: ${order.join(', ')}.`,
  });
}

/**
 * The command's variables stand in the file by names of ours, and only the environment of Compose has their values: so these are
 * in no file and on no command line, and a `PATH` or `DOCKER_HOST` for the container does not steer the programs that start it.
 */
function withVariables(
  frozen: string,
  service: string,
  variables: Readonly<Record<string, string>>,
): { text: string; env: Record<string, string> } {
  const model = JSON.parse(frozen) as ComposeModel;
  const all = Object.entries(variables).map(([name, value], index) => ({
    name,
    value,
    ours: `PLAYBOOK_ENV_${index}_${name.replace(/\W/g, '_')}`,
  }));
  const environment = Object.fromEntries(all.map(({ name, ours }) => [name, `\${${ours}}`]));
  const config = model.services[service] ?? {};
  const services = {
    ...model.services,
    [service]: { ...config, environment: { ...config.environment, ...environment } },
  };
  return {
    text: JSON.stringify({ ...model, services }),
    env: Object.fromEntries(all.map(({ ours, value }) => [ours, value])),
  };
}

/** Without its dependencies: what `compose.up` has not started, a one-off command must not start unasked. */
function argumentsOf(params: RunParams, container: string): string[] {
  const { service, argv = [], user, working_dir } = params;
  return [
    '--no-deps',
    '--no-TTY',
    '--name',
    container,
    ...(user === undefined ? [] : ['--user', user]),
    ...(working_dir === undefined ? [] : ['--workdir', working_dir]),
    '--',
    service,
    ...argv,
  ];
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
