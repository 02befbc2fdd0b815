import type { Finder } from './subject.ts';

/** What a process in the container could do to the machine. */

export const privileged: Finder = ({ config }) =>
  config['privileged'] === true ? [{ say: 'is privileged', at: ['privileged'] }] : [];

const BROAD: ReadonlySet<string> = new Set(
  'ALL SYS_ADMIN SYS_MODULE SYS_PTRACE SYS_RAWIO SYS_BOOT DAC_READ_SEARCH BPF'.split(' '),
);

export const capabilityTooBroad: Finder = ({ config }) =>
  texts(config['cap_add'])
    .filter((name) => BROAD.has(name.toUpperCase().replace(/^CAP_/, '')))
    .map((name) => ({ say: `has the capability ${name}`, at: ['cap_add', name] }));

export const confinementOff: Finder = ({ config }) =>
  texts(config['security_opt'])
    .filter((option) => /^(seccomp|apparmor)[:=]unconfined$/.test(option))
    .map((option) => ({ say: `runs with ${option}`, at: ['security_opt', option] }));

export const hostNamespaceShared: Finder = ({ config }) =>
  ['network_mode', 'pid', 'ipc', 'userns_mode', 'uts']
    .filter((key) => config[key] === 'host')
    .map((key) => ({ say: `has the ${key.replace('_mode', '')} of the host`, at: [key] }));

export const dockerSocketMounted: Finder = ({ config }) =>
  (config.volumes ?? [])
    .filter(
      ({ type, source = '' }) =>
        type === 'bind' && /^(\/var)?\/run\/(docker|containerd\/containerd)\.sock$/.test(source),
    )
    .map(({ source = '' }) => ({ say: `has the engine's socket ${source}`, at: ['volumes', source] }));

const SYSTEM: ReadonlySet<string> = new Set(
  '/ /bin /boot /dev /etc /lib /proc /root /run /sbin /sys /usr /var /var/lib /var/lib/docker /var/run'.split(' '),
);

export const hostRootMounted: Finder = ({ config }) =>
  (config.volumes ?? [])
    .filter(({ type, source = '', read_only }) => type === 'bind' && !read_only && SYSTEM.has(plain(source)))
    .map(({ source = '' }) => ({ say: `can write to ${source} of the host`, at: ['volumes', source] }));

function plain(folder: string): string {
  return folder.length > 1 ? folder.replace(/\/+$/, '') : folder;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
