import { buildImages } from '../test/support/images.ts';
import { withStack } from '../test/support/stack.ts';
import { env, inTurns, ms, playbook, ratio, report, timed } from './measure.ts';

const WORKERS = 9;

/** How long the plan of one change takes in a stack of 12 services that runs, against what Compose needs to read the same files. */
export async function benchPlan(): Promise<void> {
  await buildImages();
  await withStack('benchplan', { 'compose.yml': twelveServices() }, async (stack) => {
    await stack.image('app:1', '1');
    await stack.compose(['up', '-d', '--wait']);
    const options = { cwd: stack.folder, env: { ...env, ...stack.env, GREETING: 'changed' } };
    const plan = playbook('plan', 'deploy-stack.yml', '--state-dir', stack.stateDir);
    const taken = await inTurns(9, {
      config: () => timed(['docker', 'compose', 'config'], options),
      plan: () => timed(plan, options),
    });
    console.log(`\nPlan of one change in a stack of 12 services (docker compose config: ${ms(taken.config)})`);
    report('playbook plan deploy-stack.yml', `${ms(taken.plan)}, ${ratio(taken.plan, taken.config).toFixed(2)}×`, {
      text: 'under 1.5 s',
      met: taken.plan.median < 1500,
    });
  });
}

/** A page, what it asks, and nine that work beside them: networks, a volume, ports, limits and healthchecks as stacks have them. */
function twelveServices(): string {
  const workers = Array.from({ length: WORKERS }, (_, n) => service(`worker-${n + 1}`, { networks: '[back]' }));
  return [
    `name: bench\nx-limits: &limits { deploy: { resources: { limits: { memory: 64m } } }, restart: unless-stopped }\nservices:`,
    service('web', { environment: "{ ROLE: plain, GREETING: '${GREETING:-}' }", ports: "['$PORT:8080']" }),
    service('api', { networks: '[default, back]' }),
    service('db', { networks: '[back]', volumes: "['data:/data']" }),
    ...workers,
    'networks: { back: {} }\nvolumes: { data: {} }\n',
  ].join('\n');
}

function service(name: string, more: Record<string, string>): string {
  const keys = { image: '$PROJECT/app:1', environment: '{ ROLE: plain }', healthcheck: HEALTHCHECK, ...more };
  const lines = Object.entries(keys).map(([key, value]) => `    ${key}: ${value}`);
  return [`  ${name}:`, '    <<: *limits', ...lines].join('\n');
}

const HEALTHCHECK = '{ test: [CMD, /app/probe], interval: 5s, timeout: 3s, start_period: 5s, start_interval: 200ms }';
