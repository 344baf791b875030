/** The user this process runs as. Not from the environment: HOME is whatever the caller says. */
import { userInfo } from 'node:os';

export interface Account {
  readonly uid: number;
  /** Undefined for a user the system does not know by name (a container's arbitrary number). */
  readonly homeDir: string | undefined;
}

export function ownAccount(): Account {
  const uid = process.getuid?.() ?? -1;
  try {
    return { uid, homeDir: userInfo().homedir };
  } catch {
    return { uid, homeDir: undefined };
  }
}
