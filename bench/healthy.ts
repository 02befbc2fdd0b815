import { docker } from '../test/support/docker.ts';
import { type TestStack, withStack } from '../test/support/stack.ts';
import { inTurns, ms, report } from './measure.ts';

const compose = `
services:
  slow:
    image: $PROJECT/slow:1
    environment: { AFTER: '1' }
`;

/** How soon a health wait ends after the engine has said "healthy": both times are the clock of this machine. */
export async function benchHealthy(): Promise<void> {
  await withStack('benchhealthy', { 'compose.yml': compose }, async (stack) => {
    await stack.image('slow:1', 'slow');
    const { lag } = await inTurns(5, { lag: () => lagOfOneRun(stack) });
    console.log('\nHealth wait');
    report("from the engine's healthy event to the step's end", ms(lag), { text: 'under 50 ms', met: lag.median < 50 });
  });
}

async function lagOfOneRun(stack: TestStack): Promise<number> {
  await stack.compose(['down', '-v', '-t', '1']);
  const since = Math.floor(Date.now() / 1000);
  const args = ['run', 'deploy-stack.yml', '--yes', '--json', '-i', 'stable_for=0s', '-i', 'soak=0s'];
  const ended = await stack.playbook(args);
  const step = ended.lines().find((event) => event['type'] === 'step.ended' && event['step'] === 'healthy');
  if (step === undefined) throw new Error(`no step "healthy" ended:\n${ended.stdout}${ended.stderr}`);
  return Number(step['at']) - (await healthyAt(stack.project, since));
}

async function healthyAt(project: string, since: number): Promise<number> {
  const filters = [`label=com.docker.compose.project=${project}`, 'event=health_status'].flatMap((each) => [
    '-f',
    each,
  ]);
  const until = String(Math.ceil(Date.now() / 1000) + 1);
  const lines = await docker([
    'events',
    '--since',
    String(since),
    '--until',
    until,
    '--format',
    '{{json .}}',
    ...filters,
  ]);
  const events = lines.split('\n').map((line) => JSON.parse(line) as { Action: string; timeNano: number });
  const healthy = events.find((event) => event.Action === 'health_status: healthy');
  if (healthy === undefined) throw new Error('the engine told of no healthy container');
  return healthy.timeNano / 1e6;
}
