/**
 * Telling systemd how we are: ready, alive, stopping. By the `systemd-notify` program, since a datagram to a Unix
 * socket cannot be sent from Node; the unit has `NotifyAccess=all` for it. Without a socket every call does nothing.
 */
import { execFile } from 'node:child_process';
import type { Log } from '../base/log.ts';

export interface NotifyOptions {
  /** NOTIFY_SOCKET of the environment; undefined when systemd does not supervise us. */
  readonly socket: string | undefined;
  /** WATCHDOG_USEC of the environment in milliseconds; undefined when the unit has no watchdog. */
  readonly watchdogMs: number | undefined;
  readonly log: Log;
  /** The program to run; the system's unless given. */
  readonly program?: string;
}

export interface Notifier {
  /** Says that we serve, with a line for `systemctl status`. */
  ready(status: string): Promise<void>;
  /** Replaces the line for `systemctl status`. */
  status(status: string): Promise<void>;
  /** Says that we end on purpose, and ends the watchdog's signs of life. */
  stopping(): Promise<void>;
  /**
   * From now on gives a sign of life at half the watchdog's interval, as long as `alive()` is true. A blocked event
   * loop gives none, and systemd restarts us.
   */
  watch(alive: () => boolean): void;
}

const PROGRAM = '/usr/bin/systemd-notify';
const CALL_LIMIT_MS = 5000;

export function createNotifier(options: NotifyOptions): Notifier {
  const { socket, watchdogMs } = options;
  let timer: NodeJS.Timeout | undefined;
  const send = (...lines: string[]): Promise<void> =>
    socket === undefined ? Promise.resolve() : call(socket, lines, options);
  return {
    ready: (status) => send('READY=1', `STATUS=${oneLine(status)}`),
    status: (status) => send(`STATUS=${oneLine(status)}`),
    stopping() {
      clearInterval(timer);
      return send('STOPPING=1');
    },
    watch(alive) {
      if (socket === undefined || watchdogMs === undefined) return;
      timer = setInterval(() => {
        if (alive()) void send('WATCHDOG=1');
      }, watchdogMs / 2);
      timer.unref();
    },
  };
}

/** A failed call is logged and nothing else: whether we live is for systemd to judge. */
function call(socket: string, lines: string[], { program = PROGRAM, log }: NotifyOptions): Promise<void> {
  return new Promise((resolve) => {
    const limits = { env: { NOTIFY_SOCKET: socket }, timeout: CALL_LIMIT_MS, killSignal: 'SIGKILL' as const };
    execFile(program, lines, limits, (error) => {
      if (error !== null) log.warn('systemd_notify_failed', { error });
      resolve();
    });
  });
}

/** The protocol is lines of NAME=value: a newline in a value would be another message. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
