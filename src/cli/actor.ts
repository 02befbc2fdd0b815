import { hostname, userInfo } from 'node:os';
import type { Actor } from '../engine/events.ts';

/** Who gave the command: behind sudo the person, not root. */
export function thisActor(env: Readonly<Record<string, string>>): Actor {
  return { user: env['SUDO_USER'] ?? userName(), host: hostname() };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as in many containers.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
