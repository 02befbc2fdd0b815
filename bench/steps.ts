import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurns, isInstalled, ms, playbook, report, timed } from './measure.ts';

const STEPS = 100;

/** What a step costs: a playbook of no-op commands, every step on disk before the next, against a shell script and Ansible. */
export async function benchSteps(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'playbook-bench-'));
  try {
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    write('compose.yml', 'name: playbook-bench\nservices: { idle: { image: playbook-fixture/app:1 } }\n');
    const [one, many] = [1, STEPS].map((steps) => write(`steps-${steps}.yml`, ourPlaybook(steps)));
    const script = write('steps.sh', '/bin/true\n'.repeat(STEPS));
    const state = ['--yes', '--state-dir', join(folder, 'state')];
    const taken = await inTurns(5, {
      script: () => timed(['bash', script]),
      one: () => timed(playbook('run', one ?? '', ...state), { cwd: folder }),
      many: () => timed(playbook('run', many ?? '', ...state), { cwd: folder }),
    });
    const perStep = (taken.many.median - taken.one.median) / (STEPS - 1);
    console.log(`\n${STEPS} no-op commands (bash: ${ms(taken.script)}; playbook, 1 step: ${ms(taken.one)})`);
    report('playbook, 100 steps', `${ms(taken.many)}, ${perStep.toFixed(2)} ms per step`, {
      text: 'under 3 ms per step',
      met: perStep < 3,
    });
    await againstAnsible(write('ansible.yml', ansiblePlaybook()), taken.many.median);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function againstAnsible(file: string, ours: number): Promise<void> {
  if (!isInstalled('ansible-playbook')) return console.log('  - ansible-playbook is not installed: not compared');
  const { ansible } = await inTurns(1, { ansible: () => timed(['ansible-playbook', '-i', 'localhost,', file]) });
  const ratio = ansible.median / ours;
  report('against ansible-playbook', `${ms(ansible)}, ${ratio.toFixed(0)}× as long`, {
    text: 'over 30×',
    met: ratio > 30,
  });
}

function ourPlaybook(steps: number): string {
  const step = (n: number): string =>
    `  - { id: s${n}, uses: shell.run, with: { argv: [/bin/true] }, undo: none, because: it does nothing }\n`;
  return `playbook: v1\nname: bench\nsteps:\n${Array.from({ length: steps }, (_, n) => step(n)).join('')}`;
}

function ansiblePlaybook(): string {
  const task = '    - ansible.builtin.command: /bin/true\n';
  return `- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n${task.repeat(STEPS)}`;
}
