/**
 * Whether the system's clock is right by the word of a time source: systemd-timesyncd's flag file, or chrony.
 *
 * Both keep saying "synchronised" when the network has been gone for weeks and somebody has set the clock by hand since.
 * So a word counts from the moment it is new, and until the wall clock is stepped against the boot clock.
 */
import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { MINUTE_MS, SECOND_MS, type Clock } from '../base/clock.ts';
import { errnoOf } from '../base/errors.ts';

/** Touched by systemd-timesyncd whenever it has set or checked the clock. */
const TIMESYNC_FLAG = '/run/systemd/timesync/synchronized';
const CHRONYC = '/usr/bin/chronyc';
const CHRONYC_LIMIT_MS = 3 * SECOND_MS;
/** What chrony holds for its greatest error may be this at most. */
const MAX_ERROR_S = 10;
/** The wall clock may move so far against the boot clock before it counts as stepped. Slewing moves both alike. */
const STEP_MS = 2 * SECOND_MS;
/** Time sources speak at least this often (timesyncd 34 min, chrony 17): what is older when first heard proves nothing. */
const FRESH_MS = 40 * MINUTE_MS;

export interface TimeSync {
  /**
   * Boot time at which a time source was last heard to have set or checked the clock; null: none was, or the wall clock
   * has been stepped since.
   */
  checkedBootMs(): number | null;
  look(): Promise<void>;
}

export interface TimeSyncDeps {
  readonly clock: Pick<Clock, 'wallMs' | 'bootMs'>;
  readonly flagFile?: string;
  /** The output of `chronyc -c tracking`; undefined when there is no chrony, or it does not answer. */
  readonly chronyTracking?: () => Promise<string | undefined>;
}

export function createTimeSync({ clock, flagFile, chronyTracking }: TimeSyncDeps): TimeSync {
  const offsetMs = (): number => clock.wallMs() - clock.bootMs();
  let heard: { readonly saidMs: number; readonly bootMs: number; readonly offsetMs: number } | undefined;
  const stepped = (): boolean => heard !== undefined && Math.abs(offsetMs() - heard.offsetMs) > STEP_MS;
  return {
    checkedBootMs: () => (heard === undefined || stepped() ? null : heard.bootMs),
    look: async () => {
      const tracking = await (chronyTracking ?? askChrony)();
      const words = [timesyncdSaid(flagFile ?? TIMESYNC_FLAG), parseChronyTracking(tracking ?? '')];
      const said = words.filter((ms) => ms !== undefined);
      if (said.length === 0) {
        heard = undefined;
        return;
      }
      const saidMs = Math.max(...said);
      if (saidMs === heard?.saidMs) return;
      const ageMs = clock.wallMs() - saidMs;
      const fresh = ageMs > -STEP_MS && ageMs < FRESH_MS;
      heard = fresh ? { saidMs, bootMs: clock.bootMs(), offsetMs: offsetMs() } : undefined;
    },
  };
}

/**
 * When chrony last corrected the clock (wall clock, ms), from the line of `chronyc -c tracking`; undefined while it does
 * not vouch for the clock: not synchronised, following nothing but itself, or still on the way to the right time.
 */
export function parseChronyTracking(line: string): number | undefined {
  const fields = line.trim().split(',');
  const [reference, , stratum, referenceTimeS] = fields;
  const leap = fields[13];
  if (leap === undefined || leap === 'Not synchronised' || reference === LOCAL_REFERENCE) return undefined;
  if (!(Number(stratum) > 0)) return undefined;
  // The greatest error by chrony's manual: |system time| + root dispersion + root delay / 2.
  const errorS = Math.abs(Number(fields[4])) + Number(fields[11]) + Number(fields[10]) / 2;
  const saidMs = Math.round(Number(referenceTimeS) * SECOND_MS);
  return errorS <= MAX_ERROR_S && saidMs > 0 ? saidMs : undefined;
}

/** 127.127.1.1: the directive `local`, a clock that follows itself. */
const LOCAL_REFERENCE = '7F7F0101';

function timesyncdSaid(flagFile: string): number | undefined {
  try {
    return Math.round(statSync(flagFile, { throwIfNoEntry: false })?.mtimeMs ?? NaN) || undefined;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined; // not to be seen from here: then it vouches for nothing
  }
}

async function askChrony(): Promise<string | undefined> {
  // A process that comes to nothing holds everything up, too, while it is made: each minute.
  if (!existsSync(CHRONYC)) return undefined;
  try {
    const { stdout } = await promisify(execFile)(CHRONYC, ['-c', 'tracking'], {
      timeout: CHRONYC_LIMIT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 4096,
      env: {},
    });
    return stdout;
  } catch {
    return undefined; // no chrony here, or it does not answer: then nobody vouches for the clock
  }
}
