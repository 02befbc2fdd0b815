import { join } from 'node:path';
import { root } from '../test/support/images.ts';
import { env, inTurns, ms, playbook, ratio, report, timed } from './measure.ts';

/** How long the command line takes to be there, against an empty Node. */
export async function benchStart(): Promise<void> {
  const shipped = join(root, 'playbooks/deploy-stack.yml');
  const taken = await inTurns(15, {
    node: () => timed(['node', '-e', '0'], { env }),
    help: () => timed(playbook('--help')),
    check: () => timed(playbook('check', shipped)),
  });
  console.log(`\nStart (node -e 0: ${ms(taken.node)})`);
  for (const name of ['help', 'check'] as const) {
    const times = ratio(taken[name], taken.node);
    const what = name === 'help' ? 'playbook --help' : 'playbook check deploy-stack.yml';
    report(what, `${ms(taken[name])}, ${times.toFixed(2)}×`, { text: 'under 3×', met: times < 3 });
  }
}
