/** Commands that act through the running daemon, and what may be done when none runs. */
import { join } from 'node:path';
import type { Json } from '../base/canonical-json.ts';
import { FortnightError } from '../base/errors.ts';
import { CONTROL_SOCKET } from '../config/config.ts';
import { callDaemon } from './control-client.ts';

export interface DaemonPlace {
  readonly stateDir: string;
  /** For commands that only read: what to do when no daemon runs. */
  readonly offline?: () => Promise<Json>;
}

/** The daemon's answer to `op`; without a daemon that of `offline`, or `daemon_unreachable`. */
export async function withDaemon(op: string, params: Json, place: DaemonPlace): Promise<Json> {
  try {
    return await callDaemon(join(place.stateDir, CONTROL_SOCKET), op, params);
  } catch (error) {
    const absent = error instanceof FortnightError && error.code === 'daemon_unreachable';
    if (!absent || place.offline === undefined) throw error;
    return place.offline();
  }
}
