/**
 * Time comes in through here and nowhere else (lint forbids Date.now() and new Date() outside this file).
 *
 * Two times are kept apart: the wall clock, which may step, and the boot clock, which only advances. The
 * retention clock (retention/retention-clock.ts) is made of both. Idea: moonfire-nvr, server/base/clock.rs.
 */
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

export interface Clock {
  /** UTC milliseconds since 1970 as the system says; may jump in either direction. */
  wallMs(): number;
  /** Milliseconds since this boot, suspend included; never steps. */
  bootMs(): number;
  /** Identifies the boot to which bootMs() belongs. */
  bootId(): string;
}

/** The boot clock costs the reading of a system file, and is asked for every clip that is judged. */
const BOOT_READ_MS = 1000;

/**
 * Reads the boot clock once a second and lets the monotonic clock carry it on in between. That one stands still while
 * the box sleeps, so a sleep shows a second late at most: the time given is never ahead.
 */
class BootTime {
  #readAt = -Infinity;
  #readMs = 0;
  #givenMs = 0;

  now(): number {
    const at = performance.now();
    if (at - this.#readAt >= BOOT_READ_MS) {
      this.#readAt = at;
      this.#readMs = uptime() * 1000;
    }
    // The file tells hundredths of a second: after a fresh look it may seem a moment earlier.
    this.#givenMs = Math.max(this.#givenMs, Math.round(this.#readMs + at - this.#readAt));
    return this.#givenMs;
  }
}

const bootTime = new BootTime();
let bootId: string | undefined;

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  bootMs: () => bootTime.now(),
  bootId: () => (bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
};

/** A clock for tests: stands still until it is moved. */
export class SimulatedClock implements Clock {
  #wallMs: number;
  #bootMs: number;
  #boot = 1;
  constructor(wallMs: number, bootMs = 60_000) {
    this.#wallMs = wallMs;
    this.#bootMs = bootMs;
  }
  wallMs(): number {
    return this.#wallMs;
  }
  bootMs(): number {
    return this.#bootMs;
  }
  bootId(): string {
    return `simulated-${String(this.#boot)}`;
  }
  /** True time passes: both clocks advance. */
  advance(ms: number): void {
    this.#wallMs += ms;
    this.#bootMs += ms;
  }
  /** The wall clock is set (NTP, a person, a dead battery); no time passes. */
  stepWallTo(wallMs: number): void {
    this.#wallMs = wallMs;
  }
  /** The box restarts after being off; the wall clock goes on meanwhile. */
  reboot(offMs: number, bootMs = 20_000): void {
    this.#wallMs += offMs + bootMs;
    this.#bootMs = bootMs;
    this.#boot += 1;
  }
}

/** ISO 8601 in UTC with milliseconds, for logs and machine-readable output; bounded years 1 to 9999. */
export function isoUtc(ms: number): string {
  return new Date(ms).toISOString();
}

export interface UtcParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  milli: number;
}

/** The components of a UTC instant; month is 1 to 12. */
export function utcParts(ms: number): UtcParts {
  const d = new Date(ms);
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    hour: d.getUTCHours(),
    minute: d.getUTCMinutes(),
    second: d.getUTCSeconds(),
    milli: d.getUTCMilliseconds(),
  };
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
