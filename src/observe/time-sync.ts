/** Whether the system's clock is synchronised: systemd-timesyncd's flag file, or chrony's own word. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const TIMESYNC_FLAG = '/run/systemd/timesync/synchronized';
const CHRONYC_LIMIT_MS = 3000;

export interface TimeSync {
  /** The last answer; false until the first look. */
  readonly synchronised: boolean;
  look(): Promise<void>;
}

export function createTimeSync(flagFile = TIMESYNC_FLAG): TimeSync {
  let synchronised = false;
  return {
    get synchronised() {
      return synchronised;
    },
    look: async () => {
      synchronised = existsSync(flagFile) || (await chronySynchronised());
    },
  };
}

/** `chronyc -c tracking` prints one CSV line; its last field is the leap status, its third the stratum (0: none). */
export function parseChronyTracking(line: string): boolean {
  const fields = line.trim().split(',');
  return fields.length >= 14 && fields.at(-1) === 'Normal' && Number(fields[2]) > 0;
}

async function chronySynchronised(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('chronyc', ['-c', 'tracking'], {
      timeout: CHRONYC_LIMIT_MS,
      maxBuffer: 4096,
      env: { PATH: '/usr/bin:/bin' },
    });
    return parseChronyTracking(stdout);
  } catch {
    return false; // no chrony here, or it does not answer: then nobody vouches for the clock
  }
}
